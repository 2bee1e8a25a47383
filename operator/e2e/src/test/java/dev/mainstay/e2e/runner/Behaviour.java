package dev.mainstay.e2e.runner;

/** How a task of the fake runner goes. */
public enum Behaviour {
    /** It does its work and tells so. */
    SUCCEED,
    /** It fails for a reason that may pass, and tells so. */
    FAIL,
    /** It is killed before it did anything, or in the middle of a restore's task, without a word. */
    KILLED_BEFORE_COMMIT,
    /** It is killed after it had done its work, without a word. */
    KILLED_AFTER_COMMIT,
    /** It goes on until the test says otherwise. */
    RUN_ON
}
