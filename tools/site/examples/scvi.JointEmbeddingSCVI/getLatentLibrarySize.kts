// data: joint
model.getLatentLibrarySize(giveMean = false).take(3)
