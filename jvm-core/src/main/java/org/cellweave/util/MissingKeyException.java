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
    super(message(slot, key, present, remedy));
    this.slot = slot;
    this.key = key;
  }

  public String slot() {
    return slot;
  }

  public String key() {
    return key;
  }

  private static String message(
      String slot, String key, Collection<String> present, String remedy) {
    var text = new StringBuilder();
    text.append(slot).append("['").append(key).append("'] is missing; ").append(slot);
    if (present.isEmpty()) {
      text.append(" is empty.");
    } else {
      List<String> shown = present.stream().limit(SHOWN).toList();
      text.append(" has [").append(String.join(", ", shown));
      if (present.size() > SHOWN) {
        text.append(", ... ").append(present.size() - SHOWN).append(" more");
      }
      text.append("].");
    }
    text.append(Check.suggestion(key, present));
    if (!remedy.isEmpty()) {
      text.append(' ').append(remedy);
    }
    return text.toString();
  }
}
