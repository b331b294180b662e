"""The story on real data: a model learns a city's bicycles, the city changes, a better model takes over."""
