package org.cellweave.io.text;

import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.cellweave.util.FormatException;

/**
 * The characters of a {@link TextSource}; bytes that are not UTF-8 are refused with their place.
 */
final class Utf8Reader extends Reader {
  private final TextSource in;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(TextSource.BUFFER).limit(0);
  private long before;
  private long lines = 1;
  private boolean ended;

  Utf8Reader(TextSource in) {
    this.in = in;
  }

  /** Decodes a whole line. */
  static String decode(TextSource source, byte[] text, int from, int n, long line) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(text, from, n))
          .toString();
    } catch (CharacterCodingException e) {
      throw notUtf8(source, line, "");
    }
  }

  private static FormatException notUtf8(TextSource source, long line, String where) {
    return new FormatException(
        source.name()
            + ", line "
            + line
            + ": there are bytes that are not UTF-8"
            + where
            + "; save the file as UTF-8, for example with iconv -f LATIN1 -t UTF-8");
  }

  @Override
  public int read(char[] to, int from, int n) {
    if (n == 0) {
      return 0;
    }
    CharBuffer out = CharBuffer.wrap(to, from, n).slice();
    while (out.position() == 0 && !(ended && !bytes.hasRemaining())) {
      int start = bytes.position();
      CoderResult result = decoder.decode(bytes, out, ended);
      count(start, bytes.position());
      if (result.isError()) {
        long at = before + bytes.position() + 1;
        String hex = Integer.toHexString(bytes.get(bytes.position()) & 0xff);
        throw notUtf8(in, lines, ", the first 0x" + hex + " at byte " + at);
      }
      if (result.isUnderflow() && !ended) {
        fill();
      } else if (result.isOverflow() && out.position() == 0) {
        // one place is too few for a pair of surrogates
        throw new IllegalArgumentException("a buffer of " + n + " characters is too small");
      }
    }
    return out.position() == 0 ? -1 : out.position();
  }

  private void count(int from, int to) {
    byte[] array = bytes.array();
    for (int i = from; i < to; i++) {
      if (array[i] == '\n') {
        lines++;
      }
    }
  }

  private void fill() {
    before += bytes.position();
    bytes.compact();
    int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
    if (n < 0) {
      ended = true;
    } else {
      bytes.position(bytes.position() + n);
    }
    bytes.flip();
  }

  @Override
  public void close() {
    in.close();
  }
}
