package org.cellweave.io.anndata;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cellweave.data.AnnData;
import org.cellweave.data.BackedMatrix;
import org.cellweave.data.MuData;
import org.cellweave.data.NdArray;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.util.FormatException;
import org.cellweave.util.MissingKeyException;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * Reads a MuData object from a store: what mudata 0.1 and later wrote.
 *
 * <p>Modalities are AnnData objects and are read as such. Maps of cells and features that do not
 * fit the modalities, or are not there, are made anew from the names.
 *
 * @see <a href="https://mudata.readthedocs.io/stable/io/mudata.html">the format</a>
 */
public final class MuDataReader {
  static final String TYPE = "MuData";
  static final String VERSION = "0.1.0";
  static final String MOD = "mod";
  static final String MOD_ORDER = "mod-order";
  static final String OBSMAP = "obsmap";
  static final String VARMAP = "varmap";

  private final ElementReader elements;
  private final StoreReader source;
  private final StoreGroup modalities;

  private MuDataReader(StoreReader source, Consumer<String> warnings) {
    this.source = source;
    this.elements = new ElementReader(source, warnings);
    requireMuData();
    this.modalities = source.group(source.child(source.root(), MOD, MOD), MOD);
  }

  /**
   * Reads all modalities and what they share.
   *
   * @param open opens the store; once, and once more for every modality whose X stays in it
   * @param backed leave the modalities' X in the store
   * @param progress told after each slot of each modality
   * @throws FormatException when the store is damaged or holds no MuData object
   */
  public static MuData read(
      Supplier<StoreReader> open, boolean backed, Progress progress, Consumer<String> warnings) {
    Map<String, AnnData> parts = new LinkedHashMap<>();
    boolean done = false;
    try (StoreReader source = open.get()) {
      var reader = new MuDataReader(source, warnings);
      MuData out =
          guarded(
              source,
              () -> {
                for (String name : reader.names()) {
                  parts.put(
                      name,
                      backed
                          ? readModality(open.get(), name, true, progress, w -> {})
                          : reader.modality(name, false, progress));
                }
                return reader.assembled(parts);
              });
      done = true;
      return out;
    } finally {
      if (!done) {
        parts.values().stream()
            .map(AnnData::getBacked)
            .filter(java.util.Objects::nonNull)
            .forEach(BackedMatrix::close);
      }
    }
  }

  /**
   * Reads one modality, and closes the store unless its X stays in it.
   *
   * @throws MissingKeyException when there is no modality of this name
   */
  public static AnnData readModality(
      StoreReader source,
      String name,
      boolean backed,
      Progress progress,
      Consumer<String> warnings) {
    boolean keepOpen = false;
    try {
      var reader = new MuDataReader(source, warnings);
      AnnData out = guarded(source, () -> reader.modality(name, backed, progress));
      keepOpen = out.isBacked();
      return out;
    } finally {
      if (!keepOpen) {
        source.close();
      }
    }
  }

  private static <T> T guarded(StoreReader source, Supplier<T> body) {
    try {
      return body.get();
    } catch (ShapeMismatchException | IllegalArgumentException e) {
      throw source.bad("", e.getMessage(), e);
    }
  }

  private void requireMuData() {
    String type = source.text(source.root(), "encoding-type", "");
    String version = source.text(source.root(), "encoding-version", "");
    boolean known = type.isEmpty() || (type.equals(TYPE) && version.equals(VERSION));
    if (!known) {
      throw source.bad(
          "",
          "is a '"
              + type
              + "' of version "
              + version
              + ", expected 'MuData' of version 0.1.0"
              + (type.equals(AnnDataKind.TYPE) ? "; read it with readH5ad" : ""));
    }
    Set<String> there = source.children(source.root(), "").keySet();
    for (String required : List.of(MOD, Slots.OBS, Slots.VAR)) {
      if (!there.contains(required)) {
        throw source.bad(
            "",
            "holds "
                + there
                + ", but no '"
                + required
                + "', so that it is not an .h5mu file"
                + (required.equals(MOD) && there.contains(Slots.OBS)
                    ? "; it looks like .h5ad, read it with readH5ad"
                    : ""));
      }
    }
  }

  /** Those that the order names, then the others as they lie in the store. */
  private Set<String> names() {
    Set<String> there = source.children(modalities, MOD).keySet();
    Set<String> out = new LinkedHashSet<>(Arrays.asList(source.texts(modalities, MOD_ORDER, MOD)));
    out.retainAll(there);
    out.addAll(there);
    return out;
  }

  private AnnData modality(String name, boolean backed, Progress progress) {
    StoreNode node = source.child(modalities, name, MOD + "/" + name);
    if (node == null) {
      throw new MissingKeyException("mod", name, names(), "");
    }
    String key = MOD + "/" + name;
    return AnnDataReader.part(elements, source.group(node, key), key, backed, progress);
  }

  private MuData assembled(Map<String, AnnData> parts) {
    AnnData shared = AnnDataReader.shared(elements, source.root(), Set.of(MOD, OBSMAP, VARMAP));
    long[] axis = source.longs(source.root(), "axis", "");
    int number = axis == null || axis.length == 0 ? 0 : (int) axis[0];
    Map<String, int[]> obsmap = maps(OBSMAP);
    Map<String, int[]> varmap = maps(VARMAP);
    MuData out = MuData.of(number, parts, shared, obsmap, varmap);
    if (out == null) {
      elements.warn(
          source.path()
              + ": 'obsmap' and 'varmap' do not fit the modalities; they were made anew from the"
              + " names of cells and features");
      return MuData.remapped(number, parts, shared);
    }
    return out;
  }

  private Map<String, int[]> maps(String slot) {
    Map<String, int[]> out = new LinkedHashMap<>();
    StoreNode node = source.child(source.root(), slot, slot);
    if (node == null) {
      return out;
    }
    if (!(elements.read(node, slot, Element.Place.VALUE) instanceof Map<?, ?> read)) {
      throw source.bad(slot, "is not a group of named values");
    }
    read.forEach(
        (name, value) -> {
          if (!(value instanceof NdArray a) || a.isText()) {
            throw source.bad(slot + "/" + name, "is not an array of numbers");
          }
          out.put(
              String.valueOf(name), Arrays.stream(a.toDoubles()).mapToInt(v -> (int) v).toArray());
        });
    return out;
  }
}
