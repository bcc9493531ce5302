// data: joint
model.viewAnndataSetup()
