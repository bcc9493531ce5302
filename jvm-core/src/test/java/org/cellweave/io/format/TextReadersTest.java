package org.cellweave.io.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.cellweave.data.AnnData;
import org.cellweave.io.H5Files;
import org.cellweave.io.Reading;
import org.cellweave.testing.SharedData;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names and values are those that anndata 0.12 reads from the same text. */
class TextReadersTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path path = folder.resolve(name);
    Files.writeString(path, text);
    return path;
  }

  private static void holds(AnnData data, String obs, String var, double... x) {
    assertThat(String.join(" ", data.getObsNames())).isEqualTo(obs);
    assertThat(String.join(" ", data.getVarNames())).isEqualTo(var);
    assertThat(data.getX().toDense().toDense().doubleData()).containsExactly(x);
  }

  @Test
  void readsDelimitedText() throws IOException {
    holds(Reading.read(write("a.csv", "g,a,b\nc1,1,2\nc2,3,4\n")), "c1 c2", "a b", 1, 2, 3, 4);
    holds(Reading.read(write("b.txt", "#x\n#a b\n1 2\n3 4\n")), "0 1", "a b", 1, 2, 3, 4);
    holds(Reading.read(write("c.csv", "1,2\n3,4\n")), "0 1", "0 1", 1, 2, 3, 4);
    holds(Reading.read(write("d.csv", "c1,1,2\nc2,3,4\n")), "c1 c2", "0 1", 1, 2, 3, 4);
    holds(Reading.read(write("e.tsv", "a\tb\nc1\t1\t2\n")), "c1", "a b", 1, 2);
    holds(
        Reading.read(write("f.txt", "name a b\n1 1 2\n2 3 4\n")),
        "0 1",
        "name a b",
        1,
        1,
        2,
        2,
        3,
        4);
    var named = Delimited.Options.CSV.withFirstColumnNames(true);
    holds(Delimited.read(folder.resolve("c.csv"), named), "1 3", "0", 2, 4);
  }

  @Test
  void twoQuotationMarksAreOneInFieldsBetweenBlanks() throws IOException {
    String text = "g \"say \"\"hi\"\" a\" \"\"\n\"c \"\"1\"\"\" 1 2\n\"c2\"x 3 4\n";
    holds(Reading.read(write("q.txt", text)), "c \"1\" \"c2\"x", "say \"hi\" a ", 1, 2, 3, 4);
  }

  @Test
  void aFirstRowWithAFewValuesThatAreNoNumbersIsNoHeader() throws IOException {
    Path odd = write("o.csv", "c0,0.1,1_000,0,5\nc1,1,2,3,4\n");
    assertThatThrownBy(() -> Reading.read(odd))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("o.csv, line 1")
        .hasMessageContaining("'1_000' in column 3 is not a number");
    holds(Reading.read(write("p.csv", "g,a,b,10\nc1,1,2,3\n")), "c1", "a b 10", 1, 2, 3);
    holds(Reading.read(write("r.csv", "c0,1,2,x\nc1,1,2,3\n")), "c1", "1 2 x", 1, 2, 3);
  }

  @Test
  void blanksAreThoseOfPython() throws IOException {
    holds(Reading.read(write("n.csv", "g,a,b\nx,\u00a01,2\u00a0\n")), "x", "a b", 1, 2);
    holds(Reading.read(write("c.txt", "##a b\n1 2\n")), "0", "a b", 1, 2);
    String text = "\u00a01\u00a02\n3\u20074\u0085\n\u20285\u3000\t6\n";
    holds(Reading.read(write("b.txt", text)), "0 1 2", "0 1", 1, 2, 3, 4, 5, 6);
  }

  @Test
  void aCellWhoseNameBeginsWithAHashIsNoComment() throws IOException {
    holds(Reading.read(write("h.csv", "#x\ng,a,b\n#c,1,2\nd,3,4\n")), "#c d", "a b", 1, 2, 3, 4);
    holds(Reading.read(write("i.csv", "a,b\n#c,1,2\n#d,3,4\n#,e\n")), "#c #d", "a b", 1, 2, 3, 4);
    holds(Reading.read(write("j.csv", "g,a,b\n#two,words,here\nd,3,4\n")), "d", "a b", 3, 4);
  }

  @Test
  void saysWhichLineOfATextIsWrong() throws IOException {
    Path ragged = write("r.csv", "a,b\nc1,1,2\nc2,3\n");
    assertThatThrownBy(() -> Reading.read(ragged))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("has 1 values, expected 2");
    Path words = write("w.csv", "a,b\nc1,1,2\nc2,3,x\n");
    assertThatThrownBy(() -> Reading.read(words))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("'x' in column 3 is not a number");
  }

  private static final String HEAD = "%%MatrixMarket matrix coordinate ";

  @Test
  void readsEveryKindOfMatrixMarket() throws IOException {
    Path real =
        write("r.mtx", HEAD + "real general\n% c\n2 3 4\n2 1 -1.5e-1\n1 3 .25\n1 1 2\n1 3 1\n");
    assertThat(MatrixMarket.read(real).toDense().doubleData())
        .containsExactly(2, 0, 1.25, (double) -0.15f, 0, 0);
    Path pattern = write("p.mtx", HEAD + "pattern symmetric\n2 2 2\n1 1\n2 1\n");
    assertThat(MatrixMarket.read(pattern).toDense().doubleData()).containsExactly(1, 1, 1, 0);
    Path skew = write("s.mtx", HEAD + "integer skew-symmetric\n2 2 1\n2 1 3\n");
    assertThat(MatrixMarket.read(skew).toDense().doubleData()).containsExactly(0, -3, 3, 0);
    Path array = write("a.mtx", "%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n");
    assertThat(MatrixMarket.read(array).toDense().doubleData()).containsExactly(1, 3, 2, 4);
  }

  private void refused(String text, String message) throws IOException {
    Path path = write("bad.mtx", text);
    assertThatThrownBy(() -> MatrixMarket.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("bad.mtx");
  }

  @Test
  void headersThatLieAllocateNothing() throws IOException {
    refused(HEAD + "integer general\n2000000000 2000000000 1\n1 1 1\n", "its header is wrong");
    refused(HEAD + "integer general\n2 2 90000000000\n1 1 1\n", "ends after 1 entries");
    refused(HEAD + "integer general\n9000000000 2 1\n1 1 1\n", "at most 2^31");
    refused(HEAD + "integer general\n2 2 1\n3 1 1\n", "entry (3, 1) lies outside 2 x 2");
    refused(HEAD + "integer general\n2 2 1\n0 1 1\n", "lies outside 2 x 2");
    refused(HEAD + "integer general\n2 2 1\n1 1 1\n1 2 1\n", "more entries than the 1");
    refused(HEAD + "integer general\n2 2 1\n1 1 x\n", "'x' is not a number");
    refused(HEAD + "complex general\n2 2 1\n1 1 1 1\n", "'complex' is not supported");
    refused("hello\n", "is not a Matrix Market file");
  }

  @Test
  void truncatedGzipIsNamed() throws IOException {
    Path whole = folder.resolve("m.mtx.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
      out.write((HEAD + "integer general\n2 2 1\n1 1 1\n").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(MatrixMarket.read(whole).nnz()).isEqualTo(1);
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(whole, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> MatrixMarket.read(whole))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("m.mtx.gz");
  }

  @Test
  void readFindsTheKindByNameAndContent() throws IOException {
    write("matrix.mtx", HEAD + "integer general\n3 2 1\n1 1 1\n");
    write("genes.tsv", "e0\tg0\ne1\tg1\ne2\tg2\n");
    write("barcodes.tsv", "c0\nc1\n");
    assertThat(Reading.read(folder).getNObs()).isEqualTo(2);
    if (SharedData.has("data/kang")) {
      Path tenX = SharedData.require("data/10x/v3_filtered_feature_bc_matrix.h5");
      assertThat(Reading.read(SharedData.require("data/kang/ctrl")).getNObs()).isEqualTo(1000);
      assertThat(Reading.read(tenX).getNObs()).isEqualTo(1107);
    }
    assertThat(Reading.read(H5Files.encodings()).getNObs()).isEqualTo(7);
    Path renamed = Files.copy(H5Files.encodings(), folder.resolve("encodings.dat"));
    assertThat(Reading.read(renamed).getNObs()).isEqualTo(7);
    Path unknown = write("x.docx", "PK");
    assertThatThrownBy(() -> Reading.read(unknown))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected one of .h5ad");
    assertThatThrownBy(() -> Reading.read(folder.resolve("encoding.dat")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("Did you mean 'encodings.dat'?");
  }
}
