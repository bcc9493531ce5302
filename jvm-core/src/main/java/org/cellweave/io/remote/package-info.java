/**
 * Files from elsewhere: downloads that are verified, and archives that cannot leave their folder.
 * Uses {@code io.file} and {@code io.text}; HTTP is the JDK's, tar is commons-compress's.
 */
package org.cellweave.io.remote;
