package dev.mainstay.runner.certificate;

import dev.mainstay.core.certificate.ChainGap;
import dev.mainstay.core.certificate.SeenCertificate;
import dev.mainstay.core.certificate.SeenChain.Trust;
import dev.mainstay.core.task.CertificateCheckWork.Target;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.runner.task.Authorities;
import dev.mainstay.runner.task.MountedSecrets;
import dev.mainstay.runner.task.TaskFailure;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Which authorities a certificate is to lead to.
 *
 * @param authorities the authorities; empty when nothing is asked, or they can't be read
 * @param described them, for people; null when nothing is asked
 * @param trouble why they can't be read; null when they can
 * @param own whether the application names them
 * @param now the time
 */
record ChainTrust(List<X509Certificate> authorities, String described, String trouble, boolean own, Instant now) {

    /** Those that the application names, or the publicly known ones where there is an endpoint. */
    static ChainTrust of(Target target, MountedSecrets secrets, Instant now) {
        MountedSecret named = target.certificateAuthority();
        if (named == null) {
            return target.endpoints().isEmpty()
                    ? new ChainTrust(List.of(), null, null, false, now)
                    : new ChainTrust(
                            known(), "those that are publicly known (caSecretRef is not set)", null, false, now);
        }
        String described = "those in " + secrets.describe(named) + " (caSecretRef)";
        try {
            return new ChainTrust(issuers(Authorities.of(named, secrets)), described, null, true, now);
        } catch (TaskFailure e) {
            return new ChainTrust(
                    List.of(),
                    described,
                    "its authority is not known, since " + secrets.describe(named)
                            + " (caSecretRef) does not exist, or has no certificates in PEM form under the key "
                            + MountedSecrets.key(named, "ca") + ". Mend the Secret, or correct caSecretRef.",
                    true,
                    now);
        }
    }

    private static List<X509Certificate> known() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return issuers(factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the publicly known authorities can't be read", e);
        }
    }

    private static List<X509Certificate> issuers(TrustManager... managers) {
        return Arrays.stream(managers)
                .filter(X509TrustManager.class::isInstance)
                .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                .toList();
    }

    /** Whether a certificate leads to one of them, by those behind it. */
    Trust of(List<X509Certificate> chain) throws CertificateException {
        if (described == null) {
            return new Trust.NotAsked();
        }
        if (trouble != null) {
            return new Trust.Unknown(trouble);
        }
        if (authorities.contains(chain.getFirst())) {
            return new Trust.Path(Certificates.seen(chain.subList(0, 1)));
        }
        try {
            PKIXCertPathBuilderResult found = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters(chain));
            return new Trust.Path(used(found));
        } catch (CertPathBuilderException e) {
            Set<String> names = authorities.stream()
                    .map(authority -> authority.getSubjectX500Principal().getName())
                    .collect(Collectors.toSet());
            return new Trust.Refused(ChainGap.told(Certificates.seen(chain), names::contains, described));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    /** The end of an authority counts where the application has named it: it is for its people to renew. */
    private List<SeenCertificate> used(PKIXCertPathBuilderResult found) throws CertificateException {
        List<X509Certificate> used = new ArrayList<>(found.getCertPath().getCertificates().stream()
                .map(X509Certificate.class::cast)
                .toList());
        if (own) {
            used.add(found.getTrustAnchor().getTrustedCert());
        }
        return Certificates.seen(used);
    }

    private PKIXBuilderParameters parameters(List<X509Certificate> chain) throws GeneralSecurityException {
        X509CertSelector itself = new X509CertSelector();
        itself.setCertificate(chain.getFirst());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                authorities.stream()
                        .map(authority -> new TrustAnchor(authority, null))
                        .collect(Collectors.toSet()),
                itself);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(within(chain.getFirst())));
        return parameters;
    }

    /** Its own time is judged elsewhere; who signed it is known before and after it too. */
    private Instant within(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        return now.isBefore(from) ? from : now.isAfter(until) ? until : now;
    }
}
