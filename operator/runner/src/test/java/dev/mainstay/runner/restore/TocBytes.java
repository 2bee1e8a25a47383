package dev.mainstay.runner.restore;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the head of an archive as pg_dump does. */
final class TocBytes {

    private final int minor;
    private final List<byte[]> entries = new ArrayList<>();
    private ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** In version 1.{@code minor} of the format. */
    TocBytes(int minor) {
        this.minor = minor;
    }

    TocBytes entry(int id, String kind, String tag, String schema, String owner, String sql, int... dependencies) {
        out = new ByteArrayOutputStream();
        number(id);
        number(0);
        text("1259");
        text("16384");
        text(tag);
        text(kind);
        number(2);
        text(sql);
        text("DROP x;");
        text(null);
        text(schema);
        text("");
        if (minor >= 14) {
            text("heap");
        }
        if (minor >= 16) {
            number('r');
        }
        text(owner);
        text("false");
        for (int dependency : dependencies) {
            text(Integer.toString(dependency));
        }
        text(null);
        out.writeBytes(new byte[9]);
        entries.add(out.toByteArray());
        return this;
    }

    byte[] bytes() {
        out = new ByteArrayOutputStream();
        out.writeBytes("PGDMP".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[] {1, (byte) minor, 0, 4, 8, 1});
        if (minor >= 15) {
            out.write(0);
        } else {
            number(-1);
        }
        for (int field = 0; field < 7; field++) {
            number(field);
        }
        text("shop");
        text("15.18");
        text("15.18");
        number(entries.size());
        entries.forEach(out::writeBytes);
        out.writeBytes("rows and rows".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    ArchiveToc toc() {
        byte[] bytes = bytes();
        return ArchiveToc.parse(bytes, bytes.length).orElseThrow();
    }

    private void number(int value) {
        out.write(value < 0 ? 1 : 0);
        for (int i = 0; i < 4; i++) {
            out.write(Math.abs(value) >> 8 * i);
        }
    }

    private void text(String text) {
        if (text == null) {
            number(-1);
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        out.writeBytes(utf8);
    }
}
