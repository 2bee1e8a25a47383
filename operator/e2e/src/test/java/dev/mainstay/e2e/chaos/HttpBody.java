package dev.mainstay.e2e.chaos;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Bodies of HTTP/1.1 messages. */
final class HttpBody {

    private HttpBody() {}

    /** The whole body of a message, by its length or its chunks; empty when it has neither. */
    static byte[] read(HttpHead head, InputStream in) throws IOException {
        if (isChunked(head)) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            InputStream chunks = new Chunks(in);
            chunks.transferTo(whole);
            return whole.toByteArray();
        }
        int length = head.field("Content-Length").map(Integer::parseInt).orElse(0);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the connection was closed in the middle of a body");
        }
        return body;
    }

    static boolean isChunked(HttpHead head) {
        return head.has("Transfer-Encoding", "chunked");
    }

    /** The bytes inside the chunks of a body, as they arrive. */
    static final class Chunks extends InputStream {
        private final InputStream in;
        private int left;
        private boolean first = true;
        private boolean ended;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = in.read(buffer, offset, Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the connection was closed in the middle of a chunk");
            }
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (!first) {
                requireLine();
            }
            first = false;
            left = Integer.parseInt(requireLine().split(";", 2)[0].strip(), 16);
            if (left == 0) {
                ended = true;
                // Trailers, of which the API server sends none, end with an empty line.
                for (String trailer = requireLine(); !trailer.isEmpty(); ) {
                    trailer = requireLine();
                }
            }
        }

        private String requireLine() throws IOException {
            Optional<String> line = HttpHead.readLine(in);
            return line.orElseThrow(() -> new EOFException("the connection was closed between chunks"));
        }
    }
}
