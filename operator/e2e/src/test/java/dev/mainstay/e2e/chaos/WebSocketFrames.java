package dev.mainstay.e2e.chaos;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The frames of RFC 6455 as a server sends them: not masked, one message a frame, which is how the API server writes. */
final class WebSocketFrames {

    static final int TEXT = 1;
    private static final int FINAL = 0x80;

    private WebSocketFrames() {}

    record Frame(int first, byte[] payload) {

        boolean isText() {
            return (first & 0x0f) == TEXT;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    static Frame text(String message) {
        return new Frame(FINAL | TEXT, message.getBytes(StandardCharsets.UTF_8));
    }

    static Frame read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int first = data.readUnsignedByte();
        int length = data.readUnsignedByte();
        if ((length & FINAL) != 0) {
            throw new IOException("a server's frame is never masked");
        }
        long size =
                switch (length) {
                    case 126 -> data.readUnsignedShort();
                    case 127 -> data.readLong();
                    default -> length;
                };
        byte[] payload = new byte[Math.toIntExact(size)];
        data.readFully(payload);
        return new Frame(first, payload);
    }

    static void write(Frame frame, OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeByte(frame.first());
        int size = frame.payload().length;
        if (size < 126) {
            data.writeByte(size);
        } else if (size < 0x10000) {
            data.writeByte(126);
            data.writeShort(size);
        } else {
            data.writeByte(127);
            data.writeLong(size);
        }
        data.write(frame.payload());
        data.flush();
    }
}
