package org.cellweave.neural.train;

/** Where a training keeps what it would go on from if it were killed. */
public interface Checkpoints {
  /** Keeps nothing. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public Checkpoint latest() {
          return null;
        }

        @Override
        public int interval() {
          return 0;
        }

        @Override
        public void keep(Checkpoint checkpoint) {}

        @Override
        public void finish() {}
      };

  /** What to go on from; null to begin. */
  Checkpoint latest();

  /** Epochs between checkpoints; 0 for none. */
  int interval();

  /** Takes the place of the one before. */
  void keep(Checkpoint checkpoint);

  /** Training is complete, and nothing is left to go on from. */
  void finish();
}
