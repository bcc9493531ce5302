// data: joint
model.getLikelihoodParameters().keys
