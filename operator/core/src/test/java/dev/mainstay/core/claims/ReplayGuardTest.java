package dev.mainstay.core.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.core.claims.ExecutedRequests.ExecutedRequest;
import dev.mainstay.core.claims.ReplayGuard.Candidate;
import dev.mainstay.core.claims.ReplayGuard.Refusal;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayGuardTest {

    private static final Instant CREATED = Instant.parse("2026-03-29T03:00:00Z");
    private static final ExecutedRequest SELF = new ExecutedRequest("RestoreRequest", "shop", "uid", "spec");

    private static ObjectMeta metadata(String mark) {
        ObjectMetaBuilder metadata =
                new ObjectMetaBuilder().withName("shop").withUid("uid").withCreationTimestamp(CREATED.toString());
        if (mark == null) {
            return metadata.build();
        }
        String[] pair = mark.substring(mark.indexOf(' ') + 1).split("=");
        return mark.startsWith("label")
                ? metadata.withLabels(Map.of(pair[0], pair[1])).build()
                : metadata.withAnnotations(Map.of(pair[0], pair[1])).build();
    }

    private static Optional<Refusal> refusal(String mark, Instant notAfter, boolean asked, long seconds) {
        return ReplayGuard.refusal(
                new Candidate(metadata(mark), SELF, notAfter, asked, "restore"),
                ExecutedRequests.NONE,
                CREATED.plusSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                             |                      | false | 0    | ",
                "                                             |                      | false | 3600 | ",
                "                                             |                      | false | 3601 | TooLate",
                "                                             |                      | true  | 3601 | ",
                "                                             | 2026-03-29T03:00:10Z | false | 10   | ",
                "                                             | 2026-03-29T03:00:10Z | false | 11   | TooLate",
                "                                             | 2026-03-29T03:00:10Z | true  | 11   | ",
                "                                             | 2026-03-30T03:00:00Z | false | 3601 | ",
                "annotation " + Annotations.EXECUTED_BY + "=uid     |                | false | 0    | ",
                "annotation " + Annotations.EXECUTED_BY + "=another |                | true  | 0    | Replayed",
                "label velero.io/restore-name=nightly         |                      | true  | 0    | Replayed",
                "annotation argocd.argoproj.io/tracking-id=a  |                      | false | 0    | NotAfterMissing",
                "annotation argocd.argoproj.io/tracking-id=a  | 2026-03-29T03:00:10Z | false | 9    | ",
                "label argocd.argoproj.io/instance=a          |                      | false | 0    | NotAfterMissing",
                "label kustomize.toolkit.fluxcd.io/name=a     |                      | false | 0    | NotAfterMissing",
                "label helm.toolkit.fluxcd.io/name=a          |                      | false | 0    | NotAfterMissing",
                "annotation meta.helm.sh/release-name=a       |                      | false | 0    | NotAfterMissing",
                "label helm.sh/chart=shop-1                   |                      | false | 0    | NotAfterMissing",
                "label app.kubernetes.io/managed-by=Helm      |                      | false | 0    | "
            })
    void givenWhatARequestBearsAndWhenItIs_whenAsked_thenItIsCarriedOutOrNot(
            String mark, Instant notAfter, boolean asked, long seconds, String reason) {
        Optional<Refusal> refusal = refusal(mark, notAfter, asked, seconds);

        assertThat(refusal.map(found -> found.reason().text())).isEqualTo(Optional.ofNullable(reason));
        assertThat(refusal.filter(Refusal::duplicate)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "RestoreRequest,  shop,  another, spec,  true",
        "RestoreRequest,  shop,  uid,     spec,  false",
        "RestoreRequest,  shop,  another, other, false",
        "RestoreRequest,  other, another, spec,  false",
        "RollbackRequest, shop,  another, spec,  false"
    })
    void givenWhatWasCarriedOut_whenTheSameComesAgain_thenItIsADuplicate(
            String kind, String name, String uid, String spec, boolean duplicate) {
        ExecutedRequests executed = new ExecutedRequests(List.of(new ExecutedRequest(kind, name, uid, spec)));

        Optional<Refusal> refusal =
                ReplayGuard.refusal(new Candidate(metadata(null), SELF, null, false, "restore"), executed, CREATED);

        assertThat(refusal.filter(Refusal::duplicate).isPresent()).isEqualTo(duplicate);
        assertThat(refusal.isPresent()).isEqualTo(duplicate);
    }

    /** Who asks why must hear that it was done, also when its hour is over. */
    @Test
    void givenADuplicateAfterItsHour_whenAsked_thenItIsADuplicateAndNotTooLate() {
        ExecutedRequests executed =
                new ExecutedRequests(List.of(new ExecutedRequest("RestoreRequest", "shop", "another", "spec")));

        Refusal refusal = ReplayGuard.refusal(
                        new Candidate(metadata(null), SELF, null, false, "restore"),
                        executed,
                        CREATED.plusSeconds(7200))
                .orElseThrow();

        assertThat(refusal.duplicate()).isTrue();
        assertThat(refusal.message())
                .contains("A RestoreRequest of the same name and spec", "uid another", "To restore again");
    }
}
