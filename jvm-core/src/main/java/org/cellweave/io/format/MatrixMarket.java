package org.cellweave.io.format;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.cellweave.io.binary.SparseRows;
import org.cellweave.io.file.HeapLimit;
import org.cellweave.io.text.TextBytes;
import org.cellweave.io.text.TextSource;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Quoted;

/**
 * Reads Matrix Market files ({@code .mtx}, {@code .mtx.gz}): coordinate and array; real, integer
 * and pattern; general, symmetric and skew-symmetric. Values are float32; entries given twice are
 * added up. Memory follows what the file holds, not what its header claims.
 *
 * @see <a href="https://math.nist.gov/MatrixMarket/formats.html">the format</a>
 */
public final class MatrixMarket {
  private static final int PART = 1 << 20;
  private static final long FREE_AXIS = 50_000_000;

  private final TextBytes in;
  private boolean coordinate;
  private boolean pattern;
  private boolean symmetric;
  private boolean skew;
  private int nRows;
  private int nCols;
  private long declared;

  private final List<int[]> rows = new ArrayList<>();
  private final List<int[]> cols = new ArrayList<>();
  private final List<float[]> values = new ArrayList<>();
  private int inPart = PART;

  private MatrixMarket(TextBytes in) {
    this.in = in;
  }

  /**
   * @throws FormatException when the file is no Matrix Market file or an entry does not fit
   */
  public static CsrMatrix read(Path path) {
    return read(path, false, null);
  }

  /** Checks a matrix's size before its entries are read. */
  @FunctionalInterface
  interface SizeCheck {
    void check(int nRows, int nCols);
  }

  /**
   * Reads what lies in an archive.
   *
   * @param name what messages call it
   */
  public static CsrMatrix read(InputStream in, String name) {
    return HeapLimit.reading(name, () -> read(TextSource.of(name, in), false, null));
  }

  /**
   * @param transposed columns of the file become rows
   * @param size null for any
   */
  static CsrMatrix read(Path path, boolean transposed, SizeCheck size) {
    return HeapLimit.reading(
        path,
        () ->
            read(
                TextSource.open(path, "a Matrix Market file (.mtx or .mtx.gz)"), transposed, size));
  }

  private static CsrMatrix read(TextSource source, boolean transposed, SizeCheck size) {
    try (TextBytes in = new TextBytes(source)) {
      var reader = new MatrixMarket(in);
      reader.readHeader();
      if (size != null) {
        size.check(reader.nRows, reader.nCols);
      }
      reader.checkSize();
      if (reader.coordinate) {
        reader.readEntries();
      } else {
        reader.readArray();
      }
      return reader.build(transposed);
    }
  }

  private void readHeader() {
    String head = in.readLine();
    String[] words =
        head == null ? new String[0] : head.toLowerCase(Locale.ROOT).trim().split("\\s+");
    if (words.length < 5 || !words[0].equals("%%matrixmarket") || !words[1].equals("matrix")) {
      throw new FormatException(
          in.name()
              + " is not a Matrix Market file: its first line is '"
              + Quoted.shortened(head == null ? "" : head)
              + "', expected '%%MatrixMarket matrix coordinate ...'");
    }
    coordinate = oneOf(words[2], "coordinate", "array").equals("coordinate");
    pattern = oneOf(words[3], "integer", "real", "double", "pattern").equals("pattern");
    String symmetry = oneOf(words[4], "general", "symmetric", "skew-symmetric");
    symmetric = !symmetry.equals("general");
    skew = symmetry.equals("skew-symmetric");
    while (in.skipBlanks() && in.peek() == '%') {
      in.readLine();
    }
    nRows = axis();
    nCols = axis();
    declared = coordinate ? required("the number of entries") : (long) nRows * nCols;
    if (!coordinate && symmetric) {
      throw in.bad("symmetric arrays are not supported; write it in coordinate form");
    }
    if (symmetric && nRows != nCols) {
      throw in.bad("a " + symmetry + " matrix must be square, got " + nRows + " x " + nCols);
    }
  }

  private String oneOf(String word, String... known) {
    if (!Arrays.asList(known).contains(word)) {
      throw in.bad(
          1, Quoted.of(word) + " is not supported, expected one of " + Arrays.asList(known));
    }
    return word;
  }

  private int axis() {
    long n = required("a number of rows and columns");
    if (n > Integer.MAX_VALUE - 16) {
      throw in.bad("an axis of " + n + " cannot be read; at most 2^31 - 17");
    }
    return (int) n;
  }

  private long required(String what) {
    long n = in.readIndex();
    if (n < 0) {
      throw in.bad(what + " is expected");
    }
    return n;
  }

  /** An axis that is far longer than the entries are many was not meant. */
  private void checkSize() {
    long longest = Math.max(nRows, nCols);
    if (longest > FREE_AXIS && longest / 1000 > declared) {
      throw in.bad(
          "the header claims "
              + nRows
              + " x "
              + nCols
              + " for "
              + declared
              + " entries; its header is wrong");
    }
    HeapLimit.names(in.name(), nRows, nCols);
  }

  private void readEntries() {
    for (long k = 0; k < declared; k++) {
      if (!in.skipBlanks()) {
        throw new FormatException(
            in.name()
                + " ends after "
                + k
                + " entries, but its header says "
                + declared
                + "; it is truncated, copy it again");
      }
      long i = in.readIndex();
      long j = in.readIndex();
      if (i < 1 || i > nRows || j < 1 || j > nCols) {
        throw in.bad(
            "entry ("
                + (i < 0 ? "?" : i)
                + ", "
                + (j < 0 ? "?" : j)
                + ") lies outside "
                + nRows
                + " x "
                + nCols);
      }
      float v = pattern ? 1f : value();
      add((int) i - 1, (int) j - 1, v);
      if (symmetric && i != j) {
        add((int) j - 1, (int) i - 1, skew ? -v : v);
      }
      if ((k & 0xfffff) == 0) {
        Parallel.checkInterrupted();
      }
    }
    if (in.skipBlanks()) {
      throw in.bad("there are more entries than the " + declared + " that the header says");
    }
  }

  private void readArray() {
    for (long k = 0; k < declared; k++) {
      if (!in.skipBlanks()) {
        throw new FormatException(
            in.name() + " ends after " + k + " values, but its header says " + declared);
      }
      float v = value();
      if (v != 0) {
        add((int) (k % nRows), (int) (k / nRows), v);
      }
    }
  }

  private float value() {
    double wide = in.readNumber();
    float v = (float) wide;
    if (Float.isInfinite(v) && !Double.isInfinite(wide)) {
      throw in.bad(wide + " is too large for float32, whose largest number is 3.4e38");
    }
    return v;
  }

  private void add(int i, int j, float v) {
    if (inPart == PART) {
      rows.add(new int[PART]);
      cols.add(new int[PART]);
      values.add(new float[PART]);
      inPart = 0;
    }
    int last = rows.size() - 1;
    rows.get(last)[inPart] = i;
    cols.get(last)[inPart] = j;
    values.get(last)[inPart++] = v;
  }

  private CsrMatrix build(boolean transposed) {
    int nMajor = transposed ? nCols : nRows;
    int nMinor = transposed ? nRows : nCols;
    List<int[]> major = transposed ? cols : rows;
    List<int[]> minor = transposed ? rows : cols;
    long[] ptr = new long[nMajor + 1];
    forEach((part, p) -> ptr[major.get(part)[p] + 1]++);
    for (int i = 0; i < nMajor; i++) {
      ptr[i + 1] += ptr[i];
    }
    CsrMatrix out = CsrMatrix.allocate(nMinor, ptr, DType.FLOAT32, true);
    int[] filled = new int[nMajor];
    CsrMatrix.Block[] current = new CsrMatrix.Block[1];
    forEach(
        (part, p) -> {
          int i = major.get(part)[p];
          CsrMatrix.Block block = current[0];
          if (block == null || i < block.firstRow() || i >= block.endRow()) {
            block = out.blockOf(i);
            current[0] = block;
          }
          int at = block.start(i) + filled[i]++;
          block.indices()[at] = minor.get(part)[p];
          block.values()[at] = values.get(part)[p];
        });
    return SparseRows.canonical(out, in::bad);
  }

  @FunctionalInterface
  private interface EntryBody {
    void accept(int part, int position);
  }

  private void forEach(EntryBody body) {
    for (int part = 0; part < rows.size(); part++) {
      int n = part == rows.size() - 1 ? inPart : PART;
      for (int p = 0; p < n; p++) {
        body.accept(part, p);
      }
    }
  }
}
