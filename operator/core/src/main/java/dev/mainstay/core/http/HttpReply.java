package dev.mainstay.core.http;

/** What came of a request over HTTP. */
public sealed interface HttpReply {

    /** Whether the text that is wanted is in a body. */
    enum BodyFound {
        /** None is wanted. */
        NOT_LOOKED_FOR,
        /** It is. */
        FOUND,
        /** It is not. */
        MISSING,
        /** It is not in what was read, and there is more. */
        CUT
    }

    /**
     * It was answered.
     *
     * @param status status of the answer
     * @param millis how many milliseconds it took
     * @param body whether the text that is wanted is in its body
     * @param elsewhere the host to which it leads, and to which it was not followed; null when it leads nowhere else
     */
    record Answered(int status, long millis, BodyFound body, String elsewhere) implements HttpReply {

        /** One whose body was not looked at, and that leads nowhere else. */
        public Answered(int status, long millis) {
            this(status, millis, BodyFound.NOT_LOOKED_FOR, null);
        }
    }

    /** The connection was taken, and so many milliseconds later the answer, or what is looked at of it, was not there. */
    record Late(long millis) implements HttpReply {}

    /** The server was reached, and shows a certificate that clients refuse: why, as the end of a sentence. */
    record Refused(String why) implements HttpReply {}

    /**
     * Nobody answered, which says nothing of who should: what lies between may be the cause.
     *
     * @param why what was found, and what to do, as the end of a sentence; the same words whenever it is the same
     */
    record Silent(String why) implements HttpReply {}
}
