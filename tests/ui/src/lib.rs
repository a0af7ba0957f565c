//! Nothing: the tests are in `tests/`, what they compile in `cases/`, one file a diagnostic.
