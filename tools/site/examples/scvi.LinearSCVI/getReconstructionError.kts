// data: linear
model.getReconstructionError()
