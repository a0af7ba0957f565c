//! Group rows: tables that find the row of a key, and the panes that hold one table a window.
