// data: joint
model.getReconstructionError()
