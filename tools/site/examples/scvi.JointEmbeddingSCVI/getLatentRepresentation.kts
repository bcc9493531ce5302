// data: joint
model.getLatentRepresentation().shape
