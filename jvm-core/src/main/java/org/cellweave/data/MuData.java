package org.cellweave.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;

/**
 * Several annotated matrices of one set of cells: RNA, surface proteins, open chromatin.
 *
 * <p>The modalities share their cells (axis 0) or their features (axis 1); -1 is both. A cell need
 * not be in all of them: what they share is the union of their names in the order of the
 * modalities, and {@code obsmap} says where each cell stands in each. Annotation of all cells lies
 * in slots of its own. Columns of the modalities appear there too, as {@code rna:n_counts}, as
 * mudata 0.3 has it, but belong to the modality: files hold them once.
 *
 * <p>After a modality was changed, {@link #update} renews what they share. A selection is a view of
 * views; see {@link AnnData#select}.
 *
 * @see <a href="https://doi.org/10.1186/s13059-021-02577-8">muon, Bredikhin et al. 2022</a>
 */
public final class MuData {
  private final int axis;
  private final Modalities mod;
  private final AnnData shared;
  private MuDataMaps maps = new MuDataMaps(Map.of(), Map.of());

  /** Modalities that share cells, in the order of the map. */
  public MuData(Map<String, AnnData> modalities) {
    this(modalities, 0);
  }

  /**
   * @param modalities by name, not copied
   * @param axis 0 where they share cells, 1 for features, -1 for both
   * @throws IllegalArgumentException when names of a shared axis repeat within a modality
   */
  public MuData(Map<String, AnnData> modalities, int axis) {
    this(
        axis,
        new Modalities(modalities),
        new AnnData(null, DataFrame.ofNames(), DataFrame.ofNames()));
    update();
  }

  private MuData(int axis, Modalities mod, AnnData shared) {
    if (axis < -1 || axis > 1) {
      throw new IllegalArgumentException(
          "axis must be 0 (shared cells), 1 (shared features) or -1 (both), got " + axis);
    }
    this.axis = axis;
    this.mod = mod;
    this.shared = shared;
  }

  /**
   * An object from its stored parts.
   *
   * @param shared obs, var, obsm and so on of all modalities together, without X
   * @param obsmap by modality, positions from 1, 0 where a cell is absent
   * @return null when the maps are not those of the modalities
   */
  public static MuData of(
      int axis,
      Map<String, AnnData> modalities,
      AnnData shared,
      Map<String, int[]> obsmap,
      Map<String, int[]> varmap) {
    var out = new MuData(axis, new Modalities(modalities), shared);
    out.maps = new MuDataMaps(new LinkedHashMap<>(obsmap), new LinkedHashMap<>(varmap));
    if (!out.maps.isCurrent(out.mod, shared)) {
      return null;
    }
    shared.setObs(out.columns().completed(true, shared.getObs()));
    shared.setVar(out.columns().completed(false, shared.getVar()));
    MuDataUpdate.setMasks(shared, out.maps);
    return out;
  }

  /** As {@link #of}, with maps made anew; annotation follows its cells and features by name. */
  public static MuData remapped(int axis, Map<String, AnnData> modalities, AnnData shared) {
    var out = new MuData(axis, new Modalities(modalities), shared);
    out.update();
    return out;
  }

  // ------------------------------------------------------------------------------- slots

  /** 0 where cells are shared, 1 for features, -1 for both. */
  public int getAxis() {
    return axis;
  }

  public Modalities getMod() {
    return mod;
  }

  /** A modality by its name. */
  public AnnData get(String name) {
    return mod.get(name);
  }

  public int getNObs() {
    return shared.getNObs();
  }

  public int getNVars() {
    return shared.getNVars();
  }

  public int getNMod() {
    return mod.getSize();
  }

  public DataFrame getObs() {
    return shared.getObs();
  }

  /** Replaces the annotation of cells; their names must be those of the modalities. */
  public void setObs(DataFrame table) {
    MuDataNames.require(table, getObsNames(), "obs");
    shared.setObs(table);
  }

  public DataFrame getVar() {
    return shared.getVar();
  }

  /** Replaces the annotation of features; their names must be those of the modalities. */
  public void setVar(DataFrame table) {
    MuDataNames.require(table, getVarNames(), "var");
    shared.setVar(table);
  }

  public List<String> getObsNames() {
    return shared.getObsNames();
  }

  public List<String> getVarNames() {
    return shared.getVarNames();
  }

  /** Arrays of all cells; one column of booleans for each modality says which cells it has. */
  public AxisSlots<AxisArray> getObsm() {
    return shared.getObsm();
  }

  public AxisSlots<AxisArray> getVarm() {
    return shared.getVarm();
  }

  public AxisSlots<Matrix> getObsp() {
    return shared.getObsp();
  }

  public AxisSlots<Matrix> getVarp() {
    return shared.getVarp();
  }

  /** Unstructured annotation; values as in {@link AnnData#getUns}. */
  public Map<String, Object> getUns() {
    return shared.getUns();
  }

  public void setUns(Map<String, Object> values) {
    shared.setUns(values);
  }

  /** By modality, the row of every cell in it, counted from 1; 0 where it lacks the cell. */
  public Map<String, int[]> getObsmap() {
    return java.util.Collections.unmodifiableMap(maps.obs());
  }

  /** By modality, the row of every feature in it, counted from 1; 0 where it lacks the feature. */
  public Map<String, int[]> getVarmap() {
    return java.util.Collections.unmodifiableMap(maps.var());
  }

  /** What all modalities share as an object without X, for readers and writers of files. */
  public AnnData getShared() {
    return shared;
  }

  public boolean isView() {
    return shared.isView();
  }

  /** True when X of a modality stays in its file. */
  public boolean isBacked() {
    return mod.values().stream().anyMatch(AnnData::isBacked);
  }

  boolean sharesObs() {
    return axis != 1;
  }

  boolean sharesVar() {
    return axis != 0;
  }

  // ------------------------------------------------------------------------------ update

  /**
   * Renews names, maps and columns from the modalities. Annotation follows its cells and features
   * by name; of new ones it is missing, of lost ones it goes. When this fails, nothing has changed.
   *
   * @throws IllegalArgumentException when names of a shared axis repeat within a modality
   */
  public void update() {
    MuDataUpdate next = MuDataUpdate.of(axis, mod, shared, maps);
    shared.replaceWith(next.shared());
    maps = next.maps();
  }

  private void requireCurrent() {
    maps.requireCurrent(mod, shared);
  }

  private SharedColumns columns() {
    return new SharedColumns(mod, maps);
  }

  // ----------------------------------------------------------------------------- columns

  /** As {@link #pullObs(Pull)}, of all columns. */
  public void pullObs() {
    pullObs(Pull.DEFAULTS);
  }

  /** Copies columns of the modalities' obs into the obs of all; those there are replaced. */
  public void pullObs(Pull pull) {
    requireCurrent();
    columns().pull(true, getObs(), pull, sharesObs());
  }

  /** As {@link #pullVar(Pull)}, of all columns. */
  public void pullVar() {
    pullVar(Pull.DEFAULTS);
  }

  /** Copies columns of the modalities' var into the var of all; those there are replaced. */
  public void pullVar(Pull pull) {
    requireCurrent();
    columns().pull(false, getVar(), pull, sharesVar());
  }

  /** As {@link #pushObs(Push)}, of all columns. */
  public void pushObs() {
    pushObs(Push.DEFAULTS);
  }

  /** Copies columns of the obs of all into the modalities' obs; those there are replaced. */
  public void pushObs(Push push) {
    requireCurrent();
    columns().push(true, getObs(), push);
  }

  /** As {@link #pushVar(Push)}, of all columns. */
  public void pushVar() {
    pushVar(Push.DEFAULTS);
  }

  /** Copies columns of the var of all into the modalities' var; those there are replaced. */
  public void pushVar(Push push) {
    requireCurrent();
    columns().push(false, getVar(), push);
  }

  /** The table as files hold it: without the columns that a modality has with the same values. */
  public DataFrame ownObs() {
    requireCurrent();
    return columns().own(true, getObs());
  }

  /** As {@link #ownObs}, of features. */
  public DataFrame ownVar() {
    requireCurrent();
    return columns().own(false, getVar());
  }

  /** Columns of obs that belong to all cells, not to a modality. */
  public List<String> ownObsKeys() {
    return columns().ownKeys(true, getObs());
  }

  /** Columns of var that belong to all features, not to a modality. */
  public List<String> ownVarKeys() {
    return columns().ownKeys(false, getVar());
  }

  // -------------------------------------------------------------------------- selections

  /** A view of some cells, in the given order, in every modality that has them. */
  public MuData select(AxisIndex cells) {
    return select(cells, AxisIndex.ALL);
  }

  /** A view of some cells and features. */
  public MuData select(AxisIndex cells, AxisIndex features) {
    requireCurrent();
    int[] rows = cells.resolve("obs", getObsNames());
    int[] cols = features.resolve("var", getVarNames());
    Map<String, AnnData> parts = new LinkedHashMap<>();
    Map<String, int[]> obsAt = new LinkedHashMap<>();
    Map<String, int[]> varAt = new LinkedHashMap<>();
    mod.asMap()
        .forEach(
            (name, adata) -> {
              int[] ofCells = maps.obs().get(name);
              int[] ofVars = maps.var().get(name);
              parts.put(name, adata.select(part(ofCells, rows), part(ofVars, cols)));
              obsAt.put(name, rows == null ? ofCells : MuDataAxis.numbered(ofCells, rows));
              varAt.put(name, cols == null ? ofVars : MuDataAxis.numbered(ofVars, cols));
            });
    var out = new MuData(axis, new Modalities(parts), shared.select(place(rows), place(cols)));
    out.maps = new MuDataMaps(obsAt, varAt);
    return out;
  }

  private static AxisIndex place(int[] at) {
    return at == null ? AxisIndex.ALL : AxisIndex.positions(at);
  }

  private static AxisIndex part(int[] map, int[] chosen) {
    return chosen == null ? AxisIndex.ALL : AxisIndex.positions(MuDataAxis.rowsOf(map, chosen));
  }

  /** Keeps only these cells, in this very object and its modalities, each in its own order. */
  public void filterObs(AxisIndex cells) {
    keep(cells.resolve("obs", getObsNames()), true);
  }

  /** Keeps only these features, in this very object and its modalities. */
  public void filterVar(AxisIndex features) {
    keep(features.resolve("var", getVarNames()), false);
  }

  /** Keeps only the cells that all modalities have, in this very object and its modalities. */
  public void intersectObs() {
    requireCurrent();
    keep(
        IntStream.range(0, getNObs())
            .filter(i -> maps.obs().values().stream().allMatch(map -> map[i] > 0))
            .toArray(),
        true);
  }

  private void keep(int[] chosen, boolean obs) {
    requireCurrent();
    if (chosen == null) {
      return;
    }
    boolean[] keep = new boolean[obs ? getNObs() : getNVars()];
    Arrays.stream(chosen).forEach(i -> keep[i] = true);
    Map<String, int[]> next = new LinkedHashMap<>();
    maps.of(obs)
        .forEach(
            (name, map) -> {
              AnnData adata = mod.get(name);
              boolean[] rows = MuDataAxis.kept(map, keep, obs ? adata.getNObs() : adata.getNVars());
              next.put(name, MuDataAxis.renumbered(map, keep, rows));
              subset(adata, rows, obs);
            });
    subset(shared, keep, obs);
    maps = maps.with(obs, next);
  }

  private static void subset(AnnData adata, boolean[] keep, boolean obs) {
    AxisIndex kept = AxisIndex.mask(keep);
    adata.subset(obs ? kept : AxisIndex.ALL, obs ? AxisIndex.ALL : kept);
  }

  // -------------------------------------------------------------------------------- more

  /** An independent copy; rows that stay in a file stay there. */
  public MuData copy() {
    Map<String, AnnData> parts = new LinkedHashMap<>();
    mod.asMap().forEach((name, adata) -> parts.put(name, adata.copy()));
    var out = new MuData(axis, new Modalities(parts), shared.copy());
    out.maps = maps.copy();
    return out;
  }

  /**
   * Makes cells' names differ where they are not shared (axis 1): within each modality, and with
   * the modality's name before them when modalities have names in common.
   *
   * @throws IllegalArgumentException when cells are shared, which their names say
   */
  public void obsNamesMakeUnique(String joiner) {
    makeUnique(true, joiner);
  }

  /** As {@link #obsNamesMakeUnique}, for features that are not shared (axis 0). */
  public void varNamesMakeUnique(String joiner) {
    makeUnique(false, joiner);
  }

  private void makeUnique(boolean obs, String joiner) {
    String slot = obs ? "obs" : "var";
    if (obs ? sharesObs() : sharesVar()) {
      throw new IllegalArgumentException(
          slot
              + "_names say which "
              + (obs ? "cells" : "features")
              + " the modalities share (axis is "
              + axis
              + "), so that all of them cannot be renamed here; call "
              + slot
              + "NamesMakeUnique() of a modality, then update()");
    }
    requireCurrent();
    var names = new MuDataNames(mod, obs);
    names.makeUnique(joiner);
    names.adoptedBy(shared, maps.of(obs));
  }

  /** Null when {@code other} holds the same, NaN equal to NaN; else the first difference. */
  public String differenceTo(MuData other) {
    List<String> names = List.copyOf(mod.getKeys());
    if (axis != other.axis || !names.equals(List.copyOf(other.mod.getKeys()))) {
      return "mod: " + axis + names + " against " + other.axis + other.mod.getKeys();
    }
    for (String name : names) {
      String found = mod.get(name).differenceTo(other.mod.get(name));
      if (found != null) {
        return "mod." + name + "." + found;
      }
      for (boolean obs : new boolean[] {true, false}) {
        if (!Arrays.equals(maps.of(obs).get(name), other.maps.of(obs).get(name))) {
          return (obs ? "obsmap['" : "varmap['") + name + "']: values differ";
        }
      }
    }
    return shared.differenceTo(other.shared);
  }

  @Override
  public String toString() {
    return MuDataText.of(this);
  }
}
