// data: trained
model.getReconstructionError()
