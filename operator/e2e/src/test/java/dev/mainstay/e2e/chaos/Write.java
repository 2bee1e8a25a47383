package dev.mainstay.e2e.chaos;

/**
 * A write that came to the proxy.
 *
 * @param number from 1, in the order of arrival
 * @param method HTTP method
 * @param path path without query
 * @param status what was answered; 0 when nothing was
 */
public record Write(int number, String method, String path, int status) {

    @Override
    public String toString() {
        return number + " " + method + " " + path + " -> " + (status == 0 ? "no answer" : status);
    }
}
