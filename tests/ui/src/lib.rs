//! Nothing: the tests are in `tests/`, what they compile in `pass/`, `fail/` and `cases/`.
