package org.cellweave.neural.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;

/**
 * Where the parameters of scvi-tools' modules are in ours. A weight there has columns for values,
 * continuous covariates and one-hot covariates side by side, which are parameters of their own
 * here; and the first layer on counts lies gene by gene.
 */
final class ScviNames {
  private record Rename(Pattern from, String to) {
    static Rename of(String from, String to) {
      return new Rename(Pattern.compile(from), to);
    }
  }

  private static final List<Rename> RENAMES =
      List.of(
          Rename.of("^decoder\\.px_scale_decoder\\.0\\.", "px_scale.0."),
          Rename.of("^decoder\\.factor_regressor\\.fc_layers\\.Layer ", "px_scale."),
          Rename.of("^decoder\\.px_dropout_decoder\\.fc_layers\\.Layer ", "px_dropout."),
          Rename.of("^decoder\\.px_dropout_decoder\\.(?=weight|bias)", "px_dropout.0."),
          Rename.of("^decoder\\.px_r_decoder\\.", "px_r_decoder.0."),
          Rename.of("^classifier\\.classifier\\.0\\.fc_layers\\.Layer ", "classifier."),
          Rename.of("^classifier\\.classifier\\.[01]\\.", "classifier.logits."),
          Rename.of("\\.(px_)?(en|de)coder\\.fc_layers\\.Layer ", "."),
          Rename.of("\\.(mean|var)_(en|de)coder\\.", ".$1."),
          Rename.of("(\\.\\d+)\\.0\\.(weight|bias)$", "$1.$2"),
          Rename.of("(\\.\\d+)\\.1\\.weight$", "$1.bn.gamma"),
          Rename.of("(\\.\\d+)\\.1\\.bias$", "$1.bn.beta"),
          Rename.of("(\\.\\d+)\\.1\\.", "$1.bn."));

  /** Columns beside those of the values, in scvi-tools' order. */
  private static final List<String> BESIDE = List.of("continuous", "batch", "category_0", "class");

  private ScviNames() {}

  /** Our name of the parameter, or of the values' columns of a weight. */
  static String ours(String name) {
    String out = name;
    for (Rename rename : RENAMES) {
      out = rename.from().matcher(out).replaceFirst(rename.to());
    }
    return out;
  }

  /**
   * The same numbers by our names and in our layout.
   *
   * @param name with shape, as in {@code px_r 40x2}
   * @param values row-major
   */
  static Map<String, float[]> split(Parameters parameters, String name, float[] values) {
    int space = name.lastIndexOf(' ');
    String ours = ours(name.substring(0, space));
    String[] shape = name.substring(space + 1).split("x");
    Map<String, float[]> out = new LinkedHashMap<>();
    if (shape.length == 1) {
      out.put(ours, values);
      return out;
    }
    int cols = Integer.parseInt(shape[1]);
    if (!ours.endsWith(".weight")) {
      out.put(ours, columns(values, cols, 0, cols, true));
      return out;
    }
    String layer = ours.substring(0, ours.length() - "weight".length());
    boolean onCounts = layer.equals("z_encoder.0.") || layer.equals("l_encoder.0.");
    Parameter weight = parameters.get(ours);
    int at = onCounts ? weight.rows() : weight.cols();
    out.put(ours, columns(values, cols, 0, at, onCounts));
    for (String beside : BESIDE) {
      if (parameters.has(layer + beside)) {
        Parameter table = parameters.get(layer + beside);
        boolean levels = !beside.equals("continuous");
        int width = levels ? table.rows() : table.cols();
        out.put(table.name(), columns(values, cols, at, width, levels));
        at += width;
      }
    }
    if (at != cols) {
      throw new IllegalStateException(name + " has " + (cols - at) + " columns that ours has not");
    }
    return out;
  }

  private static float[] columns(float[] values, int cols, int from, int n, boolean transposed) {
    int rows = values.length / cols;
    float[] out = new float[rows * n];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        out[transposed ? j * rows + i : i * n + j] = values[i * cols + from + j];
      }
    }
    return out;
  }
}
