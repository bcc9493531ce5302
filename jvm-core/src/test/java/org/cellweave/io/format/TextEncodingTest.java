package org.cellweave.io.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.cellweave.data.AnnData;
import org.cellweave.io.H5adReader;
import org.cellweave.io.Reading;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is right was worked out by hand; where anndata 0.12 reads the file, it reads the same. */
class TextEncodingTest {
  @TempDir Path folder;

  private Path write(String name, byte[]... parts) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.write(part);
    }
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }

  private Path write(String name, String text) throws IOException {
    return write(name, utf8(text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void holds(AnnData data, List<String> obs, List<String> var, double... x) {
    assertThat(data.getObsNames()).isEqualTo(obs);
    assertThat(data.getVarNames()).isEqualTo(var);
    assertThat(data.getX().toDense().doubleData()).containsExactly(x);
  }

  private static AbstractThrowableAssert<?, ?> refused(Path path) {
    var thrown =
        assertThatThrownBy(() -> Reading.read(path))
            .isInstanceOf(FormatException.class)
            .hasMessageContaining(path.toString());
    thrown.message().doesNotContain("\n").doesNotContain("\r");
    return thrown;
  }

  @Test
  void linesMayStartWithAnyCharacter() throws IOException {
    String text = "cell,g1,βg\nc1,1,2\nécho,3,4\n日本,5,6\n\ud83e\uddec,7,8\nz,9,10\n";
    var cells = List.of("c1", "écho", "日本", "\ud83e\uddec", "z");
    var genes = List.of("g1", "βg");
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    holds(Reading.read(write("a.csv", text)), cells, genes, values);
    holds(Reading.read(write("a.txt", text.replace(',', ' '))), cells, genes, values);
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() throws IOException {
    byte[] mark = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    holds(
        Reading.read(write("a.csv", mark, utf8("c1,1,2\nc2,3,4\n"))),
        List.of("c1", "c2"),
        List.of("0", "1"),
        1,
        2,
        3,
        4);
    Path market =
        write(
            "a.mtx",
            mark,
            utf8("%%MatrixMarket matrix coordinate integer general\n1 2 1\n1 2 5\n"));
    assertThat(Reading.read(market).getX().toDense().doubleData()).containsExactly(0, 5);
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      refused(write("b.csv", "\ufeffc1,1\n".getBytes(charset)))
          .hasMessageContaining("is UTF-16 text, expected UTF-8")
          .hasMessageContaining("iconv -f UTF-16 -t UTF-8");
      refused(write("b.csv", "c1,1\n".getBytes(charset))).hasMessageContaining("is UTF-16 text");
    }
    refused(write("b.csv", "\ufeffc1,1\n".getBytes(Charset.forName("UTF-32LE"))))
        .hasMessageContaining("is UTF-32 text");
  }

  @Test
  void bytesThatAreNoTextAreRefusedWithTheirPlace() throws IOException {
    Path latin = write("a.csv", utf8("c,g\nc1,1\n"), new byte[] {(byte) 0xe9}, utf8("t,2\n"));
    refused(latin)
        .hasMessageContaining("line 3: there are bytes that are not UTF-8")
        .hasMessageContaining("the first 0xe9 at byte 10")
        .hasMessageContaining("iconv -f LATIN1");
    Path cut = write("b.csv", utf8("c,g\nc1,1\nx"), new byte[] {(byte) 0xc3});
    refused(cut).hasMessageContaining("line 3");
  }

  private interface Wrapping {
    OutputStream of(OutputStream out) throws IOException;
  }

  private byte[] compressed(Wrapping wrapping, String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out = wrapping.of(bytes)) {
      out.write(utf8(text));
    }
    return bytes.toByteArray();
  }

  private static OutputStream zip(OutputStream out, String... names) throws IOException {
    var zip = new ZipOutputStream(out);
    for (String name : names) {
      zip.putNextEntry(new ZipEntry(name));
    }
    return zip;
  }

  @Test
  void textMayLieInAnyUsualCompression() throws IOException {
    String text = "c,g\nα,1\n";
    List<Path> files =
        List.of(
            write("a.csv.gz", compressed(GZIPOutputStream::new, text)),
            write(
                "b.csv.gz",
                compressed(GZIPOutputStream::new, "c,g\n"),
                compressed(GZIPOutputStream::new, "α,1\n")),
            write("a.csv.bz2", compressed(BZip2CompressorOutputStream::new, text)),
            write("a.csv.zip", compressed(out -> zip(out, "__MACOSX/x", "a.csv"), text)),
            write("named-plain.csv", compressed(GZIPOutputStream::new, text)));
    for (Path file : files) {
      holds(Reading.read(file), List.of("α"), List.of("g"), 1);
    }
    refused(write("c.csv.zip", compressed(out -> zip(out, "a", "b"), text)))
        .hasMessageContaining("is a zip archive of several files, 'a' and 'b'");
    refused(write("c.csv", new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0}))
        .hasMessageContaining("is compressed with xz; decompress it first (xz -d)");
    byte[] whole = compressed(GZIPOutputStream::new, text.repeat(100));
    whole[whole.length / 2] ^= 0x55;
    refused(write("d.csv.gz", whole));
  }

  @Test
  void quotationMarksHoldDelimitersAndLineBreaks() throws IOException {
    Path file =
        write("a.csv", "cell,\"g,1\",\"g\"\"2\"\"\"\r\n\"a\nb\",\"1\",2\r\n\"x,y\",3,4\r\n");
    holds(Reading.read(file), List.of("a\nb", "x,y"), List.of("g,1", "g\"2\""), 1, 2, 3, 4);
    holds(
        Reading.read(write("a.txt", "cell \"g 1\" g2\n\"c 1\" 1 2\n5\"x 3 4\n")),
        List.of("c 1", "5\"x"),
        List.of("g 1", "g2"),
        1,
        2,
        3,
        4);
  }

  @Test
  void messagesNameTheLineOfTheFile() throws IOException {
    refused(write("a.csv", "c,g1,g2\nc1,1,oops\n"))
        .hasMessageContaining("line 2: 'oops' in column 3");
    refused(write("a.csv", "# one\n\nc,g\r\n\r\nc1,1\r\nc2,x\r\n")).hasMessageContaining("line 6:");
    refused(write("a.csv", "c,g\rc1,1\rc2,x\r")).hasMessageContaining("line 3:");
    refused(write("a.csv", "c,g\n\"a\nb\",1\nc2,x\n")).hasMessageContaining("line 4:");
    refused(write("a.txt", "c g\r\nc1 1\r\n\r\nc2 x\r\n")).hasMessageContaining("line 4:");
    String head = "%%MatrixMarket matrix coordinate real general";
    refused(write("a.mtx", head + "\r\n%\r\n2 2 1\r\n1 1 x\r\n"))
        .hasMessageContaining("line 4: 'x'");
    refused(write("a.mtx", head + "\n2 2 2\n1 1 1\n\n3 1 1\n"))
        .hasMessageContaining("line 5: entry");
    refused(write("a.mtx", head.replace("real", "complex") + "\n")).hasMessageContaining("line 1:");
    refused(write("a.mtx", head + "\n2 2 1\n1 1 --5\n"))
        .hasMessageContaining("line 3: '--5' is not a number");
  }

  @Test
  void aDelimiterThatIsNotThereIsNamedWithTheOneThatIs() throws IOException {
    refused(write("a.csv", "c;g1\nc1;1\n"))
        .hasMessageContaining("line 1: there is no ',' in 'c;g1'; it has ';'")
        .hasMessageContaining("delimiter = \";\"");
    refused(write("a.csv", "c\tg1\n")).hasMessageContaining("delimiter = \"\\t\"");
    refused(write("a.csv", "1\n2\n")).hasMessageContaining("delimiter = null");
    refused(write("a.txt", "c1,1,2\n")).hasMessageContaining("delimiter = \",\"");
    holds(Reading.read(write("one.txt", "1\n2\n")), List.of("0", "1"), List.of("0"), 1, 2);
    holds(Reading.read(write("blanks.tsv", "c g\nx 1\n")), List.of("x"), List.of("g"), 1);
    holds(Reading.read(write("one.tsv", "HLA DRA\r\n+3\n")), List.of("0"), List.of("HLA DRA"), 3);
    holds(
        Reading.read(write("one.tab", "# by a b\n1\n2\n")), List.of("0", "1"), List.of("0"), 1, 2);
    holds(Reading.read(write("late.tsv", "g\nx\t1\n")), List.of("x"), List.of("g"), 1);
    refused(write("semi.tsv", "c;g\nx;1\n")).hasMessageContaining("it has ';', so read");
    var semicolon = new Reading.Hints("csv", ";", null);
    AnnData read =
        Reading.read(write("a.dat", "c;g\nx;1\n"), H5adReader.Options.DEFAULTS, semicolon);
    holds(read, List.of("x"), List.of("g"), 1);
    refused(write("a.csv", "c,g\nx,\"1,5\"\n")).hasMessageContaining("with a decimal point");
  }

  @Test
  void numbersAreThoseOfPython() throws IOException {
    String values = "nan,-inf,+Infinity,INF,1.,.5,-1e-3, 7 ,16777217,0.1";
    AnnData data = Reading.read(write("a.csv", "c,a,b,c,d,e,f,g,h,i,j\nx," + values + "\n"));
    assertThat(data.getX().toDense().floatData())
        .containsExactly(
            Float.NaN,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            1f,
            0.5f,
            -0.001f,
            7f,
            16777216f,
            0.1f);
    for (String bad : List.of("1f", "0x10", "1d", "1_0", "", "NA", "--1", "1e", "①", "二")) {
      refused(write("a.csv", "c,a\nx,1\ny," + bad + "\n")).hasMessageContaining("is not a number");
    }
    holds(
        Reading.read(write("a.csv", "a,b\n\uff11,-\u0661\u0662.5\n3,\ud835\udfd7\n")),
        List.of("0", "1"),
        List.of("a", "b"),
        1,
        -12.5,
        3,
        9);
    for (String large : List.of("1e39", "-3.5e38", "1e999")) {
      refused(write("a.csv", "c,a\nx," + large + "\n"))
          .hasMessageContaining("line 2: '" + large + "' in column 2 is too large for float32");
    }
    refused(write("a.mtx", "%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 1e39\n"))
        .hasMessageContaining("too large for float32");
  }

  @Test
  void rowsThatStartWithAHashAreRowsIfTheyFit() throws IOException {
    holds(
        Reading.read(write("a.csv", "#v\nc,g\nc1,1\n#c2,2\n# the end\n")),
        List.of("c1", "#c2"),
        List.of("g"),
        1,
        2);
  }

  @Test
  void aFirstRowOfNumbersThatIsAFieldShorterNamesTheColumns() throws IOException {
    holds(
        Reading.read(write("a.csv", "10,20\n7,1,2\n8,3,4\n")),
        List.of("7", "8"),
        List.of("10", "20"),
        1,
        2,
        3,
        4);
  }

  @Test
  void onlySquareMatricesAreSymmetricAndAxesHaveLimits() throws IOException {
    for (String kind : List.of("symmetric", "skew-symmetric")) {
      refused(write("a.mtx", "%%MatrixMarket matrix coordinate integer " + kind + "\n3 2 0\n"))
          .hasMessageContaining("line 2: a " + kind + " matrix must be square, got 3 x 2");
    }
    refused(write("a.mtx", "%%MatrixMarket matrix coordinate integer hermitian\n2 2 0\n"))
        .hasMessageContaining("'hermitian' is not supported");
    String general = "%%MatrixMarket matrix coordinate integer general\n";
    refused(write("a.mtx", general + "30 2000000000 1\n1 1 1\n"))
        .hasMessageContaining("30 x 2000000000 for 1 entries; its header is wrong");
    refused(write("a.mtx", general + "49999999 49999999 0\n"))
        .hasMessageContaining("whose names alone need more than");
  }

  @Test
  void longValuesAndControlCharactersAreNotRepeatedInMessages() throws IOException {
    refused(write("a.csv", "c,g\nx," + "9".repeat(5000) + "y\n"))
        .hasMessageContaining("... (5001 characters)")
        .message()
        .hasSizeLessThan(400);
    refused(write("a.csv", "c,g\nx,\"a\u001b[31m\nb\u202e\"\n"))
        .hasMessageContaining("'a\\u001b[31m\\nb\\u202e'");
  }

  @Test
  void anInterruptIsNoDamage() throws IOException {
    List<Path> files =
        List.of(
            write("a.csv", "c,g\nx,1\n"),
            write("a.mtx", "%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 1\n"));
    for (Path file : files) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Reading.read(file)).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isFalse();
    }
  }
}
