package dev.mainstay.controller.kube;

/** What came of writing a part of an object that others write too. */
public sealed interface Written {

    /** It is there, written now or before. */
    record There() implements Written {}

    /** The object is not what was seen: it is to be looked at again. */
    record Changed() implements Written {}

    /** The API server does not take it. */
    record Rejected(boolean forbidden, String message) implements Written {}
}
