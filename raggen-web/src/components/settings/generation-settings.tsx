'use client'

import { AnswerLengthSetting } from './answer-length-setting'
import { InstructionsSetting } from './instructions-setting'
import type { Layer } from './layer'
import { TemperatureSetting } from './temperature-setting'

/** How answers are written. */
export function GenerationSettingsFields({ layer }: { layer: Layer }) {
  return (
    <div className="divide-y">
      <TemperatureSetting layer={layer} />
      <AnswerLengthSetting layer={layer} />
      <InstructionsSetting layer={layer} />
    </div>
  )
}
