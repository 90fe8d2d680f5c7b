/** Thrown when a mapping is made with settings that Lambda's API would refuse. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'invalid-mapping-setting';
  /** Name of the setting. */
  readonly setting: string;

  constructor(setting: string, reason: string) {
    super(`${setting} ${reason}`);
    this.setting = setting;
  }
}
