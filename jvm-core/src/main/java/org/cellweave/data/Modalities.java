package org.cellweave.data;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cellweave.util.MissingKeyException;

/** The named objects of a {@link MuData}, in their order. */
public final class Modalities {
  private final Map<String, AnnData> entries = new LinkedHashMap<>();

  Modalities(Map<String, AnnData> from) {
    from.forEach(this::set);
  }

  /** Names in order. */
  public Set<String> getKeys() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  public int getSize() {
    return entries.size();
  }

  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /** The object, or null. */
  public AnnData find(String name) {
    return entries.get(name);
  }

  /**
   * @throws MissingKeyException names the modalities that are there
   */
  public AnnData get(String name) {
    AnnData found = entries.get(name);
    if (found == null) {
      throw new MissingKeyException("mod", name, entries.keySet(), "");
    }
    return found;
  }

  /**
   * Adds or replaces a modality; {@link MuData#update} then renews what all share.
   *
   * @throws IllegalArgumentException for a name that no file can hold
   */
  public void set(String name, AnnData adata) {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "a modality's name must not be empty or contain '/' or ':', got '" + name + "'");
    }
    if (adata == null) {
      throw new IllegalArgumentException("modality '" + name + "' must be an AnnData, got null");
    }
    entries.put(name, adata);
  }

  /** Takes a modality out; {@link MuData#update} then renews what all share. */
  public void remove(String name) {
    get(name);
    entries.remove(name);
  }

  public Collection<AnnData> values() {
    return Collections.unmodifiableCollection(entries.values());
  }

  /** The names and objects, in order; not to be changed. */
  public Map<String, AnnData> asMap() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public String toString() {
    return "mod with keys " + entries.keySet();
  }
}
