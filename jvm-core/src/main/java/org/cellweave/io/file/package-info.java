/**
 * Files as such: what must hold of one before it is read, what messages say of one, and how one is
 * replaced so that a failure leaves the old file or the new one, and always a whole one. Uses
 * {@code util} only.
 *
 * <p>Written by hand: {@link org.cellweave.io.file.ReplacedFile}, since no library keeps
 * permissions, follows links, tells leftovers of killed processes from files of live ones, and
 * leaves devices alone, all at once.
 */
package org.cellweave.io.file;
