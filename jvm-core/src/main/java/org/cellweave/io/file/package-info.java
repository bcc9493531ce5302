/**
 * Files as such: what must hold of one before it is read, what messages say of one, and how one is
 * replaced so that a failure leaves the old file or the new one, and always a whole one. Uses
 * {@code util} only.
 *
 * <p>{@code ReplacedFile} writes beside the file and then takes its name; {@code UnfinishedFile} is
 * how such a file is called meanwhile, {@code WriteTarget} what the name to be taken stands for,
 * and {@code Sync} whether to wait for the disk. {@code InputFile} is a file that can be read,
 * {@code HeapLimit} the message about one that is larger than Java's memory.
 *
 * <p>Written by hand: {@link org.cellweave.io.file.ReplacedFile}, since no library keeps
 * permissions, follows links, tells leftovers of killed processes from files of live ones, and
 * leaves devices alone, all at once.
 */
package org.cellweave.io.file;
