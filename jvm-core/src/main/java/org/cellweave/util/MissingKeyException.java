package org.cellweave.util;

import java.util.Collection;
import java.util.List;

/** A slot lacks the key that was asked for. */
public final class MissingKeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 12;

  private final String slot;
  private final String key;

  /**
   * @param slot where it was looked for ("obs", "obsm", "var names")
   * @param key what was asked for
   * @param present the keys that are there
   * @param remedy a sentence with the call that would create it, or ""
   */
  public MissingKeyException(String slot, String key, Collection<String> present, String remedy) {
    this(slot, List.of(key), present, remedy);
  }

  /**
   * All keys that are missing at once; {@link #key()} is the first.
   *
   * @param keys what was asked for and is not there, at least one
   */
  public MissingKeyException(
      String slot, List<String> keys, Collection<String> present, String remedy) {
    super(message(slot, keys, present, remedy));
    this.slot = slot;
    this.key = keys.get(0);
  }

  public String slot() {
    return slot;
  }

  public String key() {
    return key;
  }

  private static String message(
      String slot, List<String> keys, Collection<String> present, String remedy) {
    var text = new StringBuilder();
    text.append(slot).append("['").append(String.join("', '", shown(keys)));
    text.append(keys.size() > SHOWN ? "', ... " + (keys.size() - SHOWN) + " more" : "'");
    text.append(keys.size() == 1 ? "] is missing; " : "] are missing; ").append(slot);
    if (present.isEmpty()) {
      text.append(" is empty.");
    } else {
      text.append(" has [").append(String.join(", ", shown(present)));
      if (present.size() > SHOWN) {
        text.append(", ... ").append(present.size() - SHOWN).append(" more");
      }
      text.append("].");
    }
    if (keys.size() == 1) {
      text.append(Check.suggestion(keys.get(0), present));
    }
    if (!remedy.isEmpty()) {
      text.append(' ').append(remedy);
    }
    return text.toString();
  }

  private static List<String> shown(Collection<String> names) {
    return names.stream().limit(SHOWN).toList();
  }
}
