package org.cellweave.io.anndata;

import java.util.List;
import java.util.Set;

/** The members of an object's group. */
final class Slots {
  static final String X = "X";
  static final String OBS = "obs";
  static final String VAR = "var";
  static final String UNS = "uns";
  static final String OBSM = "obsm";
  static final String VARM = "varm";
  static final String OBSP = "obsp";
  static final String VARP = "varp";
  static final String LAYERS = "layers";
  static final String RAW = "raw";

  /** In files before 0.7, raw lay beside the others. */
  static final String OLD_RAW = "raw.";

  /** In the order in which they are read; obs and var come before all of them. */
  static final List<String> IN_ORDER = List.of(X, LAYERS, OBSM, VARM, OBSP, VARP, RAW, UNS);

  /** All of them, those of old files included. */
  static final Set<String> ALL =
      Set.of(
          X,
          OBS,
          VAR,
          UNS,
          OBSM,
          VARM,
          OBSP,
          VARP,
          LAYERS,
          RAW,
          OLD_RAW + X,
          OLD_RAW + VAR,
          OLD_RAW + VARM,
          OLD_RAW + "cat");

  private Slots() {}
}
