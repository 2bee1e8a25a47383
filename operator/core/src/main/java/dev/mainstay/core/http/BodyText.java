package dev.mainstay.core.http;

import dev.mainstay.core.http.HttpReply.BodyFound;
import java.nio.charset.StandardCharsets;

/** Looks for a text in the body of an answer, byte for byte: what a body says of its own characters is not believed. */
public final class BodyText {

    private BodyText() {}

    /**
     * Whether the text is there.
     *
     * @param body the first bytes of the body: one more than are read of a longer one
     * @param wanted the text
     */
    public static BodyFound in(byte[] body, String wanted) {
        int read = Math.min(body.length, HttpWanted.MOST_BYTES);
        // ISO 8859-1 has a character for each byte.
        String text = new String(body, 0, read, StandardCharsets.ISO_8859_1);
        if (text.contains(new String(wanted.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))) {
            return BodyFound.FOUND;
        }
        return body.length > HttpWanted.MOST_BYTES ? BodyFound.CUT : BodyFound.MISSING;
    }
}
