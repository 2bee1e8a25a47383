package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.annotated;
import static dev.mainstay.core.mode.Modes.json;
import static dev.mainstay.core.mode.Modes.service;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedirectionTest {

    private static final String TO_PAGE = "{'mainstay.dev/maintenance-page': 'shop'}";

    @Test
    void givenAServiceWithoutAnnotations_whenItIsLedToThePage_thenNothingThatCameMeanwhileIsLost() {
        assertThat(Redirection.toPage(service("{'app': 'web', 'tier': 'front'}", ""), "shop", "app=web,tier=front")
                        .patch())
                .isEqualTo(json("""
                        [{'op': 'test', 'path': '/metadata/uid', 'value': 'uid-web'},
                         {'op': 'test', 'path': '/spec/selector', 'value': {'app': 'web', 'tier': 'front'}},
                         {'op': 'test', 'path': '/metadata/resourceVersion', 'value': '7'},
                         {'op': 'add', 'path': '/metadata/annotations', 'value': {}},
                         {'op': 'add', 'path': '/metadata/annotations/mainstay.dev~1maintenance-selector',
                          'value': 'app=web,tier=front'},
                         {'op': 'replace', 'path': '/spec/selector', 'value': {'mainstay.dev/maintenance-page': 'shop'}}]
                        """));
    }

    @Test
    void givenAServiceThatLeadsToThePage_whenItIsLedBack_thenItsSelectorIsWholeAndNoNoteStays() {
        assertThat(Redirection.back(annotated(service(TO_PAGE, ""), "app=web,tier=front"), "app=web,tier=front")
                        .patch())
                .isEqualTo(json("""
                        [{'op': 'test', 'path': '/metadata/uid', 'value': 'uid-web'},
                         {'op': 'test', 'path': '/spec/selector', 'value': {'mainstay.dev/maintenance-page': 'shop'}},
                         {'op': 'test', 'path': '/metadata/annotations/mainstay.dev~1maintenance-selector',
                          'value': 'app=web,tier=front'},
                         {'op': 'remove', 'path': '/metadata/annotations/mainstay.dev~1maintenance-selector'},
                         {'op': 'replace', 'path': '/spec/selector', 'value': {'app': 'web', 'tier': 'front'}}]
                        """));
    }

    @Test
    void givenSelectors_whenTheyAreLookedAt_thenWhereTheyLedIsKnown() {
        assertThat(Redirection.former(service("{'tier': 'front', 'app': 'web'}", "")))
                .contains("app=web,tier=front");
        assertThat(Redirection.former(annotated(service(TO_PAGE, ""), "app=web")))
                .contains("app=web");
        assertThat(Redirection.former(service(TO_PAGE, ""))).isEmpty();
    }

    /** As kubectl apply leaves it: its own labels beside the page's. */
    @Test
    void givenAMergedSelector_whenItIsLookedAt_thenItLeadsNowhereAndWhatIsWantedIsTheRest() {
        var merged = annotated(service("{'mainstay.dev/maintenance-page': 'shop', 'app': 'new'}", ""), "app=web");

        assertThat(Redirection.touched(merged)).isTrue();
        assertThat(Redirection.leadsToPage(merged, "shop")).isFalse();
        assertThat(Redirection.former(merged)).contains("app=new");
    }

    @Test
    void givenThePageOfAnotherApplication_whenItIsLookedAt_thenItIsNotThisOnes() {
        assertThat(Redirection.leadsToPage(service(TO_PAGE, ""), "shop")).isTrue();
        assertThat(Redirection.leadsToPage(service(TO_PAGE, ""), "blog")).isFalse();
    }

    @Test
    void givenAnEmptyValueOfALabel_whenItIsWrittenAndRead_thenItIsTheSame() {
        assertThat(Redirection.parse("app=,tier=front"))
                .containsEntry("app", "")
                .containsEntry("tier", "front")
                .hasSize(2);
    }
}
