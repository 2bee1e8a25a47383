package dev.mainstay.runner.server;

import java.util.List;

/**
 * That there is no server, or none any more.
 *
 * @param message why, as the end of a sentence
 * @param tail last lines that its programs said, oldest first
 */
public record ServerEnd(String message, List<String> tail) {}
