package dev.mainstay.core.application;

/** What came of asking one Pod. */
public sealed interface ProbeAnswer {

    /**
     * The Pod answered.
     *
     * @param status the status of its answer
     * @param pod its name, for messages; null when it is not known
     */
    record Answered(int status, String pod) implements ProbeAnswer {

        /** Of a Pod whose name is not known. */
        public Answered(int status) {
            this(status, null);
        }
    }

    /**
     * The Pod did not answer, which says nothing of its health: what lies between may be the cause.
     *
     * @param why what was found and what to do, as the end of a sentence; the same words whenever it is the same
     */
    record Silent(String why) implements ProbeAnswer {}
}
