/** Thrown when a mapping is made with settings that Lambda's API would refuse. */
export class SettingsError extends Error {
  readonly code = 'invalid-mapping-setting';
  readonly retryable = false;
  /** Name of the setting. */
  readonly setting: string;

  constructor(setting: string, reason: string) {
    super(`${setting} ${reason}`);
    this.name = 'SettingsError';
    this.setting = setting;
  }
}
