package org.cellweave.io.store;

import org.cellweave.matrix.DType;

/** What one element of an array in a store is. */
public interface ElementType {
  /** Kinds of elements that readers tell apart. */
  enum Kind {
    NUMBER,
    BOOLEAN,
    /** Of any length. */
    TEXT,
    /** Of a fixed number of bytes. */
    FIXED_TEXT,
    /** Records of named fields. */
    COMPOUND,
    REFERENCE,
    OTHER
  }

  Kind kind();

  /** For numbers and booleans, else null. */
  DType dtype();

  /** Bytes of one element in the store; as it is handed out, it has those of its {@link #dtype}. */
  int storedSize();

  /** Whether this is text of a fixed number of bytes in ASCII, as NumPy's own. */
  boolean isFixedAscii();

  /** Whether these are records of two floating-point fields, r and i; of records only. */
  boolean isComplex();

  /** For messages. */
  String describe();

  default boolean isNumeric() {
    return kind() == Kind.NUMBER || kind() == Kind.BOOLEAN;
  }

  default boolean isText() {
    return kind() == Kind.TEXT || kind() == Kind.FIXED_TEXT;
  }
}
