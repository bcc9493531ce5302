package org.cellweave.io.file;

/**
 * When to wait until the disk has the data. A power cut soon after an unsynchronised write may
 * leave an empty or partial file under the new name; where that would replace an older, whole file,
 * waiting is what keeps one of the two.
 */
public enum Sync {
  /** Before every file gets its name. */
  ALWAYS,
  /** Only before an older file is replaced. */
  WHEN_REPLACING,
  /**
   * Never, as in Python; a crash of the program, unlike one of the machine, still harms nothing.
   */
  NEVER
}
