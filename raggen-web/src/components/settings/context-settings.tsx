'use client'

import { useFormatter, useTranslations } from 'next-intl'

import { LanguagesSetting } from './languages-setting'
import type { Layer } from './layer'
import { RelevanceSetting } from './relevance-setting'
import { ScopeSetting } from './scope-setting'
import { SliderSetting } from './slider-setting'
import { SwitchSetting } from './switch-setting'

/** How much being new counts, in words. */
export function recencyWord(share: number): 'none' | 'little' | 'much' | 'most' {
  if (share === 0) return 'none'
  if (share <= 0.35) return 'little'
  return share <= 0.7 ? 'much' : 'most'
}

/** What answers may stand on. With memory off the rest has no say and is not shown. */
export function ContextSettingsFields({ layer }: { layer: Layer }) {
  const t = useTranslations('settings.context')
  const format = useFormatter()
  const { enabled } = layer.values.context
  return (
    <div className="divide-y">
      <SwitchSetting layer={layer} name="enabled" />
      {enabled && (
        <>
          <SliderSetting
            layer={layer}
            name="count"
            min={1}
            max={50}
            step={1}
            inWords={(count) => t('count.value', { count })}
          />
          <RelevanceSetting layer={layer} />
          <ScopeSetting layer={layer} />
          <SliderSetting
            layer={layer}
            name="budgetShare"
            min={0.05}
            max={0.9}
            step={0.05}
            inWords={(share) => format.number(share, { style: 'percent' })}
          />
          <SliderSetting
            layer={layer}
            name="recency"
            min={0}
            max={1}
            step={0.05}
            inWords={(share) => t(`recency.words.${recencyWord(share)}`)}
          />
          <LanguagesSetting layer={layer} />
          <SwitchSetting layer={layer} name="declineWithoutContext" />
        </>
      )}
      <SwitchSetting layer={layer} name="preview" />
    </div>
  )
}
