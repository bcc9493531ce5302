// data: labelled
model.getReconstructionError()
