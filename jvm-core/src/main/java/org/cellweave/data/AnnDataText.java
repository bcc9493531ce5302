package org.cellweave.data;

import java.util.Set;

/** What an object prints: its shape and the keys of its slots, in anndata's words. */
final class AnnDataText {
  private AnnDataText() {}

  static String of(AnnData adata) {
    var text = new StringBuilder();
    text.append(adata.isView() ? "View of AnnData" : "AnnData")
        .append(" object with n_obs × n_vars = ")
        .append(adata.getNObs())
        .append(" × ")
        .append(adata.getNVars());
    if (adata.isBacked()) {
      text.append(" backed at '").append(adata.getBacked().file()).append('\'');
    }
    line(text, "obs", adata.getObs().getKeys());
    line(text, "var", adata.getVar().getKeys());
    line(text, "uns", adata.getUns().keySet());
    line(text, "obsm", adata.getObsm().getKeys());
    line(text, "varm", adata.getVarm().getKeys());
    line(text, "layers", adata.getLayers().getKeys());
    line(text, "obsp", adata.getObsp().getKeys());
    line(text, "varp", adata.getVarp().getKeys());
    return text.toString();
  }

  private static void line(StringBuilder text, String slot, Set<String> keys) {
    if (!keys.isEmpty()) {
      text.append("\n    ")
          .append(slot)
          .append(": '")
          .append(String.join("', '", keys))
          .append('\'');
    }
  }
}
