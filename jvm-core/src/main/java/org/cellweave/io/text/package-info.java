/**
 * Text tables in UTF-8, plain, gzip, bzip2 or zip: bytes, characters, rows and numbers. Uses {@code
 * io.file} and {@code util}.
 *
 * <p>fastcsv takes fields between delimiters apart, commons-compress undoes bzip2, the JDK the
 * rest. Written by hand are
 *
 * <ul>
 *   <li>{@link org.cellweave.io.text.NumberText}: only the spelling is its own, that of Python's
 *       {@code float}, which no library takes; what is longer than 15 digits or has an exponent the
 *       JDK converts, exactly. Shorter ones need no string.
 *   <li>{@link org.cellweave.io.text.TextBytes}: indices and numbers of Matrix Market files, of
 *       which there are many millions, without an object for each.
 *   <li>fields between blanks in {@link org.cellweave.io.text.TextRows}, for which fastcsv has no
 *       delimiter.
 * </ul>
 */
package org.cellweave.io.text;
