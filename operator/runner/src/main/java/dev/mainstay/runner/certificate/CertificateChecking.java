package dev.mainstay.runner.certificate;

import dev.mainstay.core.certificate.CertificateCheck;
import dev.mainstay.core.certificate.CertificateCheck.Limits;
import dev.mainstay.core.certificate.Looked;
import dev.mainstay.core.certificate.Looked.Held;
import dev.mainstay.core.certificate.Looked.Served;
import dev.mainstay.core.task.CertificateCheckWork;
import dev.mainstay.core.task.CertificateCheckWork.Endpoint;
import dev.mainstay.core.task.CertificateCheckWork.Target;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.runner.task.MountedSecrets;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Looks at certificates in the mounted Secrets, and at what endpoints serve. */
public final class CertificateChecking {

    /** How long an endpoint has for its connection and its certificates. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int AT_ONCE = 8;

    private final TaskContext context;
    private final Instant now;

    private CertificateChecking(TaskContext context) {
        this.context = context;
        this.now = context.clock().instant();
    }

    /** What was found. Throws a TaskFailure when it is told to end. */
    public static StepReport run(TaskContext context, CertificateCheckWork work) {
        return new CertificateChecking(context).report(work);
    }

    private StepReport report(CertificateCheckWork work) {
        List<Looked> looked = new ArrayList<>();
        ExecutorService connections = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().daemon().name("endpoint-", 1).factory());
        try {
            List<Looking> under = work.certificates().stream()
                    .map(target -> new Looking(
                            target,
                            target.endpoints().stream()
                                    .map(endpoint -> connections.submit(
                                            () -> TlsEndpoint.served(endpoint, PATIENCE, context.stop())))
                                    .toList()))
                    .toList();
            for (Looking one : under) {
                looked.add(seen(one));
            }
        } finally {
            connections.shutdownNow();
        }
        return new CertificateCheck(
                        looked,
                        new Limits(Duration.ofSeconds(work.warnSeconds()), Duration.ofSeconds(work.failSeconds())),
                        context.task().origin().application(),
                        now)
                .report();
    }

    /** A certificate whose endpoints are being asked, in their order. */
    private record Looking(Target target, List<Future<List<X509Certificate>>> answers) {}

    private Looked seen(Looking looking) {
        Target target = looking.target();
        ChainTrust trust = ChainTrust.of(target, context.secrets(), now);
        List<Served> endpoints = new ArrayList<>();
        for (int i = 0; i < target.endpoints().size(); i++) {
            endpoints.add(served(target.endpoints().get(i), looking.answers().get(i), trust));
        }
        return new Looked(target.name(), target.secret() == null ? null : held(target.secret(), trust), endpoints);
    }

    private Served served(Endpoint endpoint, Future<List<X509Certificate>> answer, ChainTrust trust) {
        String name = TlsEndpoint.address(endpoint.serverName()).orElse(endpoint.serverName());
        try {
            return new Served(endpoint.server(), name, Certificates.chain(answer.get(), trust), null);
        } catch (ExecutionException | CertificateException e) {
            context.stop().check();
            Throwable why = e instanceof ExecutionException ? e.getCause() : e;
            return new Served(endpoint.server(), name, null, TlsEndpoint.told(why, PATIENCE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.stop().check();
            throw new IllegalStateException(e);
        }
    }

    /** Which of both is missing can't be told: nothing but that key is mounted. */
    private Held held(MountedSecret secret, ChainTrust trust) {
        MountedSecrets secrets = context.secrets();
        String key = MountedSecrets.key(secret, "certificate");
        try {
            return new Held(
                    secrets.describe(secret),
                    Certificates.chain(Certificates.read(secrets.value(secret, "certificate")), trust),
                    null);
        } catch (TaskFailure e) {
            return new Held(
                    secrets.describe(secret),
                    null,
                    secrets.describe(secret) + " does not exist, or has nothing under the key " + key + ".");
        } catch (CertificateException e) {
            return new Held(
                    secrets.describe(secret),
                    null,
                    "the key " + key + " of " + secrets.describe(secret) + " holds no certificates in PEM form.");
        }
    }
}
