package org.cellweave.io.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.cellweave.util.FormatException;
import org.dhatim.fastexcel.Workbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExcelTest {
  @TempDir Path folder;

  private Path written(Object[]... rows) throws IOException {
    Path file = folder.resolve("a.xlsx");
    try (var out = Files.newOutputStream(file);
        var book = new Workbook(out, "test", "1.0")) {
      book.newWorksheet("notes").value(0, 0, "nothing here");
      var sheet = book.newWorksheet("values");
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < rows[i].length; j++) {
          Object value = rows[i][j];
          if (value instanceof Number number) {
            sheet.value(i, j, number);
          } else if (value != null && value.toString().startsWith("=")) {
            sheet.formula(i, j, value.toString().substring(1));
          } else if (value != null) {
            sheet.value(i, j, value.toString());
          }
        }
      }
    }
    return file;
  }

  private static Object[] row(Object... cells) {
    return cells;
  }

  @Test
  void firstRowAndColumnAreNamesAndTheRestNumbers() throws IOException {
    Path file =
        written(
            row("Cell", "Erg", "Gata1", "Hhex"),
            row("HF_1", -14, 0.25, 1e-3),
            row(),
            row("HF_2", "7.5", null, 3));
    var adata = Excel.read(file, "values");
    assertThat(adata.getObsNames()).containsExactly("HF_1", "HF_2");
    assertThat(adata.getVarNames()).containsExactly("Erg", "Gata1", "Hhex");
    assertThat(adata.getX().toDense().floatData())
        .containsExactly(-14f, 0.25f, 0.001f, 7.5f, Float.NaN, 3f);
    assertThat(Excel.read(file, 1).getVarNames()).isEqualTo(adata.getVarNames());
  }

  @Test
  void mistakesNameTheSheetAndTheCell() throws IOException {
    Path file = written(row("", "a", "b"), row("x", 1, "high"));
    assertThatThrownBy(() -> Excel.read(file, "values"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("sheet 'values': cell C2 is not a number, got 'high'");
    assertThatThrownBy(() -> Excel.read(file, "valeus"))
        .hasMessageContaining("has no sheet 'valeus', only [notes, values]")
        .hasMessageContaining("Did you mean 'values'?");
    assertThatThrownBy(() -> Excel.read(file, 2)).hasMessageContaining("has 2 sheets");
    assertThatThrownBy(() -> Excel.read(file, "notes")).hasMessageContaining("name its columns");
    Path wide = written(row("", "a"), row("x", 1, 2));
    assertThatThrownBy(() -> Excel.read(wide, "values"))
        .hasMessageContaining("cell C2 lies under no column's name");
    Path unnamed = written(row("", "a", null, "b"), row("x", 1, 2, 3));
    assertThatThrownBy(() -> Excel.read(unnamed, "values"))
        .hasMessageContaining("column 3 has no name in row 1");
    Path none = written();
    assertThatThrownBy(() -> Excel.read(none, "values")).hasMessageContaining("holds no table");
    assertThatThrownBy(() -> Excel.read(folder.resolve("b.xlsx"), 0))
        .hasMessageContaining("does not exist");
  }

  @Test
  void damagedFilesAreRefusedWithoutACrash() throws IOException {
    Object[][] rows = new Object[200][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row("c" + i, "" + i * i, i, i * 0.37);
    }
    byte[] whole = Files.readAllBytes(written(rows));
    Path damaged = folder.resolve("damaged.xlsx");
    Files.writeString(damaged, "Gata1,Gata2\n1,2\n");
    assertThatThrownBy(() -> Excel.read(damaged, "values"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("cannot be read as an .xlsx file")
        .hasMessageContaining("save an .xls file as .xlsx");
    for (int cut = 1; cut < whole.length; cut += 97) {
      Files.write(damaged, Arrays.copyOf(whole, cut));
      assertThatThrownBy(() -> Excel.read(damaged, "values")).isInstanceOf(FormatException.class);
    }
    for (int at = 0; at < whole.length; at += 31) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x55;
      Files.write(damaged, changed);
      try {
        assertThat(Excel.read(damaged, "values").getNVars()).isPositive();
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining("damaged.xlsx");
      }
    }
  }

  /** A workbook of one sheet with this body. */
  private Path sheet(String rows) throws IOException {
    Path file = written(row("", "a"), row("x", 1));
    Path out = folder.resolve("changed.xlsx");
    try (var from = new java.util.zip.ZipFile(file.toFile());
        var to = new java.util.zip.ZipOutputStream(Files.newOutputStream(out))) {
      for (var entry : java.util.Collections.list(from.entries())) {
        to.putNextEntry(new java.util.zip.ZipEntry(entry.getName()));
        byte[] bytes = from.getInputStream(entry).readAllBytes();
        if (entry.getName().startsWith("xl/worksheets/sheet")) {
          String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
          bytes =
              text.replaceFirst(
                      "(?s)<sheetData>.*</sheetData>", "<sheetData>" + rows + "</sheetData>")
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        to.write(bytes);
      }
    }
    return out;
  }

  @Test
  void whatExcelDoesNotAllowIsRefusedBeforeItTakesForEver() throws IOException {
    String far = "<row r=\"1\"><c r=\"FXSHRXX2\"><v>1</v></c></row>";
    assertThatThrownBy(() -> Excel.read(sheet(far), 0))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("changed.xlsx, part xl/worksheets/sheet1.xml")
        .hasMessageContaining("outside of Excel's 1048576 rows and 16384 columns");
    String low = "<row r=\"99999999\"><c r=\"A99999999\"><v>1</v></c></row>";
    assertThatThrownBy(() -> Excel.read(sheet(low), 0)).hasMessageContaining("outside of Excel's");
    String digits = "<row r=\"1\"><c r=\"A1\"><v>" + "1".repeat(300_000) + "</v></c></row>";
    assertThatThrownBy(() -> Excel.read(sheet(digits), 0))
        .hasMessageContaining("holds a value of more than 32767 characters");
  }
}
