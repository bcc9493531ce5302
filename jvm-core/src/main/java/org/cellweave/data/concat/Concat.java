package org.cellweave.data.concat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisSlots;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.CategoryColors;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.Raw;
import org.cellweave.data.Reindexed;
import org.cellweave.data.RowSource;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStack;
import org.cellweave.util.Check;

/**
 * Joins objects along cells or genes.
 *
 * <p>Departures from anndata.concat: columns of mixed kinds become text; where only some objects
 * have X, an inner join drops it with a warning and an outer join fills it. Joining along genes
 * works on transposes. Cost: one pass over the stored values; sparse matrices stay sparse.
 *
 * @see <a href="https://doi.org/10.21105/joss.04371">anndata, Virshup et al. 2024</a>
 */
public final class Concat {
  private final List<AnnData> parts;
  private final Params params;
  private final List<String> warnings = new ArrayList<>();

  /** Whether X is left in its files. */
  private boolean onDisk;

  private RowSource rows;

  private Concat(List<AnnData> parts, Params params) {
    this.parts = parts;
    this.params = params;
  }

  /** Which axis grows. */
  public enum Axis {
    OBS,
    VAR
  }

  /** What happens to keys and names that only some objects have. */
  public enum Join {
    INNER,
    OUTER
  }

  /** Which annotation of the other axis, or of uns, is kept. */
  public enum Merge {
    /** Nothing. */
    NONE,
    /** What every object has, with equal values. */
    SAME,
    /** What has one value only, wherever it is there. */
    UNIQUE,
    /** The first value seen. */
    FIRST,
    /** What exactly one object has. */
    ONLY
  }

  /**
   * @param label column that tells the objects apart, or null
   * @param keys names of the objects, or null for 0, 1, 2, ...
   * @param indexUnique joins a name and its object's key, or null to leave names as they are
   * @param fillValue stands for missing values, or null for 0 when sparse and NaN when dense
   * @param pairwise keeps pairwise arrays as block diagonals
   */
  public record Params(
      Axis axis,
      Join join,
      Merge merge,
      Merge unsMerge,
      String label,
      List<String> keys,
      String indexUnique,
      Double fillValue,
      boolean pairwise) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      keys = keys == null ? null : List.copyOf(keys);
      if (keys != null && keys.stream().distinct().count() < keys.size()) {
        throw new IllegalArgumentException("keys must differ from each other, got " + keys);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Defaults are those of anndata.concat. */
    public static final class Builder {
      private Axis axis = Axis.OBS;
      private Join join = Join.INNER;
      private Merge merge = Merge.NONE;
      private Merge unsMerge = Merge.NONE;
      private String label;
      private List<String> keys;
      private String indexUnique;
      private Double fillValue;
      private boolean pairwise;

      private Builder() {}

      public Builder axis(Axis value) {
        axis = value;
        return this;
      }

      public Builder join(Join value) {
        join = value;
        return this;
      }

      public Builder merge(Merge value) {
        merge = value;
        return this;
      }

      public Builder unsMerge(Merge value) {
        unsMerge = value;
        return this;
      }

      public Builder label(String value) {
        label = value;
        return this;
      }

      public Builder keys(List<String> value) {
        keys = value;
        return this;
      }

      public Builder indexUnique(String value) {
        indexUnique = value;
        return this;
      }

      public Builder fillValue(Double value) {
        fillValue = value;
        return this;
      }

      public Builder pairwise(boolean value) {
        pairwise = value;
        return this;
      }

      public Params build() {
        return new Params(
            axis, join, merge, unsMerge, label, keys, indexUnique, fillValue, pairwise);
      }
    }
  }

  /**
   * @param warnings what was left out and why
   */
  public record Result(AnnData adata, List<String> warnings) {}

  /**
   * @throws IllegalArgumentException when there is nothing to join, keys do not fit, or names that
   *     must be matched are not unique
   */
  public static Result run(List<AnnData> adatas, Params params) {
    var work = start(adatas, params);
    AnnData out = work.join();
    out = params.axis() == Axis.VAR ? rowCompressed(out.transpose()) : out;
    work.addRaw(adatas, out);
    return new Result(out, List.copyOf(work.warnings));
  }

  /**
   * @param adata without X
   * @param x what X is, read from the objects' files as rows are asked for
   * @param warnings what was left out and why
   */
  public record Backed(AnnData adata, RowSource x, List<String> warnings) {}

  /**
   * Joins backed objects along the cells without reading their X.
   *
   * @throws IllegalArgumentException as {@link #run}, when an object is not backed, and along genes
   */
  public static Backed runBacked(List<AnnData> adatas, Params params) {
    if (params.axis() == Axis.VAR) {
      throw new IllegalArgumentException(
          "axis must be 'obs' to join files on disk, got 'var'; read them and use concat");
    }
    for (int i = 0; i < adatas.size(); i++) {
      AnnData part = adatas.get(i);
      boolean whole =
          part.isBacked()
              && part.getBacked().nRows() == part.getNObs()
              && part.getBacked().nCols() == part.getNVars();
      if (!whole) {
        throw new IllegalArgumentException(
            "object "
                + i
                + " must have its whole X in a file; open the file backed, or use concat");
      }
    }
    var work = start(adatas, params);
    work.onDisk = true;
    AnnData out = work.join();
    work.addRaw(adatas, out);
    return new Backed(out, work.rows, List.copyOf(work.warnings));
  }

  private static Concat start(List<AnnData> adatas, Params params) {
    if (adatas.isEmpty()) {
      throw new IllegalArgumentException("adatas must hold at least one object, got none");
    }
    if (params.keys() != null) {
      Check.sameLength(params.keys().size(), adatas.size(), "keys", "the number of objects");
    }
    boolean alongVar = params.axis() == Axis.VAR;
    return new Concat(alongVar ? adatas.stream().map(AnnData::transpose).toList() : adatas, params);
  }

  private static AnnData rowCompressed(AnnData adata) {
    if (adata.getX() != null && adata.getX().isSparse()) {
      adata.setX(adata.getX().toCsr());
    }
    for (String key : List.copyOf(adata.getLayers().getKeys())) {
      Matrix layer = adata.getLayers().get(key);
      adata.getLayers().set(key, layer.isSparse() ? layer.toCsr() : layer);
    }
    return adata;
  }

  private boolean outer() {
    return params.join() == Join.OUTER;
  }

  private String key(int part) {
    return params.keys() == null ? Integer.toString(part) : params.keys().get(part);
  }

  private AnnData join() {
    var names =
        JoinedIndex.of(parts.stream().map(AnnData::getVarNames).toList(), outer(), otherAxis());
    DataFrame obs = joinedObs();
    var out = new AnnData(joinedX(names), obs, mergedVar(names));
    for (String key : MergeRules.keys(keysOf(AnnData::getLayers), outer())) {
      out.getLayers()
          .set(
              key, stackMatrices(parts.stream().map(p -> p.getLayers().find(key)).toList(), names));
    }
    for (String key : MergeRules.keys(keysOf(AnnData::getObsm), outer())) {
      List<AxisArray> arrays = parts.stream().map(p -> p.getObsm().find(key)).toList();
      AxisArray joined = JoinedArrays.obsm(key, arrays, rowCounts(), outer(), params.fillValue());
      out.getObsm().set(key, named(joined, out.getObsNames()));
    }
    mergeAligned(out, names);
    if (params.pairwise()) {
      joinPairwise(out);
    }
    List<Map<String, Object>> uns = parts.stream().map(AnnData::getUns).toList();
    out.setUns(MergeRules.merge(uns, params.unsMerge()));
    joinColors(out);
    return out;
  }

  private void joinColors(AnnData out) {
    for (String key : out.getObs().getKeys()) {
      if (out.getObs().get(key) instanceof CategoricalColumn joined) {
        List<Map.Entry<Column, Map<String, Object>>> columns = new ArrayList<>();
        for (AnnData part : parts) {
          Column column = part.getObs().find(key);
          if (column != null) {
            columns.add(Map.entry(column, part.getUns()));
          }
        }
        CategoryColors.join(out.getUns(), key, joined, columns);
      }
    }
  }

  private String otherAxis() {
    return params.axis() == Axis.OBS ? "var" : "obs";
  }

  private int[] rowCounts() {
    return parts.stream().mapToInt(AnnData::getNObs).toArray();
  }

  private List<java.util.Set<String>> keysOf(
      java.util.function.Function<AnnData, AxisSlots<?>> slot) {
    List<java.util.Set<String>> out = new ArrayList<>();
    parts.forEach(p -> out.add(slot.apply(p).getKeys()));
    return out;
  }

  private DataFrame joinedObs() {
    List<String> names = new ArrayList<>();
    int total = java.util.Arrays.stream(rowCounts()).sum();
    int[] origin = new int[total];
    for (int p = 0; p < parts.size(); p++) {
      for (String name : parts.get(p).getObsNames()) {
        origin[names.size()] = p;
        names.add(params.indexUnique() == null ? name : name + params.indexUnique() + key(p));
      }
    }
    var out = DataFrame.ofNames(names.toArray(new String[0]));
    JoinedArrays.columns(out, parts.stream().map(AnnData::getObs).toList(), outer());
    if (params.label() != null) {
      String[] keys = new String[parts.size()];
      java.util.Arrays.setAll(keys, this::key);
      out.set(params.label(), new CategoricalColumn(origin, StringColumn.of(keys), false));
    }
    return out;
  }

  private Matrix joinedX(JoinedIndex names) {
    if (onDisk) {
      rows =
          new JoinedRows(
              parts.stream().map(AnnData::getBacked).toList(), names, params.fillValue());
      return null;
    }
    List<Matrix> all = new ArrayList<>();
    parts.forEach(p -> all.add(p.getX()));
    long present = all.stream().filter(java.util.Objects::nonNull).count();
    if (present < all.size() && present > 0 && !outer()) {
      warnings.add("X is left out: only " + present + " of " + all.size() + " objects have one.");
      return null;
    }
    return present == 0 ? null : stackMatrices(all, names);
  }

  private Matrix stackMatrices(List<Matrix> all, JoinedIndex names) {
    return JoinedArrays.stack(all, rowCounts(), names.maps(), names.size(), params.fillValue());
  }

  private DataFrame mergedVar(JoinedIndex names) {
    var out = DataFrame.ofNames(names.names().toArray(new String[0]));
    List<Map<String, Object>> tables = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      DataFrame var = parts.get(p).getVar();
      int[] positions = names.positions(p);
      Map<String, Object> columns = new LinkedHashMap<>();
      var.getKeys().forEach(k -> columns.put(k, var.get(k).take(positions)));
      tables.add(columns);
    }
    MergeRules.merge(tables, params.merge()).forEach((k, column) -> out.set(k, (Column) column));
    return out;
  }

  private void mergeAligned(AnnData out, JoinedIndex names) {
    List<Map<String, Object>> varm = new ArrayList<>();
    List<Map<String, Object>> varp = new ArrayList<>();
    if (params.merge() == Merge.NONE) {
      return;
    }
    for (int p = 0; p < parts.size(); p++) {
      AnnData part = parts.get(p);
      int[] at = names.positions(p);
      Map<String, Object> arrays = new LinkedHashMap<>();
      part.getVarm()
          .getKeys()
          .forEach(k -> arrays.put(k, Reindexed.rows(part.getVarm().get(k), at)));
      varm.add(arrays);
      Map<String, Object> pairs = new LinkedHashMap<>();
      part.getVarp()
          .getKeys()
          .forEach(k -> pairs.put(k, Reindexed.both(part.getVarp().get(k), at)));
      varp.add(pairs);
    }
    MergeRules.merge(varm, params.merge())
        .forEach((k, v) -> out.getVarm().set(k, named((AxisArray) v, out.getVarNames())));
    MergeRules.merge(varp, params.merge()).forEach((k, v) -> out.getVarp().set(k, (Matrix) v));
  }

  private static AxisArray named(AxisArray array, List<String> names) {
    if (array instanceof DataFrame table) {
      table.setNames(names);
    }
    return array;
  }

  private void joinPairwise(AnnData out) {
    for (String key : MergeRules.keys(keysOf(AnnData::getObsp), outer())) {
      List<CsrMatrix> blocks = new ArrayList<>();
      for (AnnData part : parts) {
        Matrix m = part.getObsp().find(key);
        blocks.add(
            m == null
                ? CsrMatrix.empty(
                    part.getNObs(), part.getNObs(), org.cellweave.matrix.DType.FLOAT32)
                : m.toCsr());
      }
      out.getObsp().set(key, RowStack.blockDiagonal(blocks));
    }
  }

  private void addRaw(List<AnnData> adatas, AnnData out) {
    for (AnnData adata : adatas) {
      for (String key : adata.getUnread().getKeys()) {
        warnings.add(key + " is left out: it was read without being understood.");
      }
    }
    List<Raw> raws = new ArrayList<>();
    adatas.forEach(a -> raws.add(a.getRaw()));
    long present = raws.stream().filter(java.util.Objects::nonNull).count();
    if (present < raws.size()) {
      if (present > 0) {
        warnings.add(
            "raw is left out: only " + present + " of " + raws.size() + " objects have one.");
      }
      return;
    }
    List<AnnData> whole = new ArrayList<>();
    for (int p = 0; p < raws.size(); p++) {
      Raw raw = raws.get(p);
      var names = DataFrame.ofNames(adatas.get(p).getObsNames().toArray(new String[0]));
      whole.add(new AnnData(raw.getX(), names, raw.getVar()));
    }
    var rawParams =
        new Params(
            params.axis(),
            params.join(),
            Merge.NONE,
            Merge.NONE,
            null,
            params.keys(),
            params.indexUnique(),
            params.fillValue(),
            false);
    AnnData joined = run(whole, rawParams).adata();
    out.setRaw(Raw.of(joined.getX(), joined.getVar()));
  }
}
