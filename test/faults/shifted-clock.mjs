// Loaded before a process of ours: its clock is wrong by CLOCK_SHIFT_HOURS.
const shift = Number(process.env.CLOCK_SHIFT_HOURS) * 3_600_000;
const TrueDate = Date;

globalThis.Date = class extends TrueDate {
  constructor(...values) {
    if (values.length === 0) super(TrueDate.now() + shift);
    else super(...values);
  }

  static now() {
    return TrueDate.now() + shift;
  }
};
