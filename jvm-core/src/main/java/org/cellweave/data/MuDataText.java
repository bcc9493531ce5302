package org.cellweave.data;

import java.util.Collection;
import java.util.List;

/** What an object of several modalities prints, in mudata's words. */
final class MuDataText {
  private MuDataText() {}

  static String of(MuData mdata) {
    var text = new StringBuilder();
    text.append(mdata.isView() ? "View of MuData" : "MuData")
        .append(" object with n_obs × n_vars = ")
        .append(mdata.getNObs())
        .append(" × ")
        .append(mdata.getNVars());
    if (mdata.getAxis() != 0) {
      text.append(mdata.getAxis() == 1 ? " (shared var)" : " (shared obs and var)");
    }
    if (mdata.isBacked()) {
      text.append(" backed");
    }
    String inset = "\n  ";
    line(text, inset, "obs", mdata.ownObsKeys());
    line(text, inset, "var", mdata.ownVarKeys());
    line(text, inset, "uns", mdata.getUns().keySet());
    line(text, inset, "obsm", withoutMasks(mdata, mdata.getObsm()));
    line(text, inset, "varm", withoutMasks(mdata, mdata.getVarm()));
    line(text, inset, "obsp", mdata.getObsp().getKeys());
    line(text, inset, "varp", mdata.getVarp().getKeys());
    text.append(inset)
        .append(mdata.getNMod())
        .append(mdata.getNMod() == 1 ? " modality" : " modalities");
    mdata.getMod().asMap().forEach((name, adata) -> modality(text, name, adata));
    return text.toString();
  }

  private static void modality(StringBuilder text, String name, AnnData adata) {
    String inset = "\n      ";
    text.append("\n    ")
        .append(name)
        .append(":\t")
        .append(adata.getNObs())
        .append(" × ")
        .append(adata.getNVars());
    line(text, inset, "obs", adata.getObs().getKeys());
    line(text, inset, "var", adata.getVar().getKeys());
    line(text, inset, "uns", adata.getUns().keySet());
    line(text, inset, "obsm", adata.getObsm().getKeys());
    line(text, inset, "varm", adata.getVarm().getKeys());
    line(text, inset, "layers", adata.getLayers().getKeys());
    line(text, inset, "obsp", adata.getObsp().getKeys());
    line(text, inset, "varp", adata.getVarp().getKeys());
  }

  /** The masks of modalities are no keys of the user's. */
  private static List<String> withoutMasks(MuData mdata, AxisSlots<?> slots) {
    return slots.getKeys().stream().filter(k -> !mdata.getMod().contains(k)).toList();
  }

  private static void line(StringBuilder text, String inset, String slot, Collection<String> keys) {
    if (!keys.isEmpty()) {
      text.append(inset).append(slot).append(":\t'").append(String.join("', '", keys)).append('\'');
    }
  }
}
